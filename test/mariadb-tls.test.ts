// Whom a connection to MariaDB trusts: seen from a server that speaks no more of its protocol than the greeting.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keysFor, loadX509, sign } from '../src/server/x509.ts';
import type { DatabaseTls } from '../src/store/database-address.ts';
import { DatabaseError } from '../src/store/database-error.ts';
import { openMariadb } from '../src/store/mariadb.ts';

const tlsFlag = 0x800;
/** PROTOCOL_41, SECURE_CONNECTION, CONNECT_WITH_DB. */
const otherFlags = 0x200 | 0x8000 | 0x8;
const pluginFlag = 0x8;

/** Of the request for TLS, with its head. */
const requestBytes = 36;

const packet = (sequence: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([payload.length, payload.length >> 8, 0, sequence]), payload]);

function greeting(hasTls: boolean): Buffer {
  const flags = otherFlags | (hasTls ? tlsFlag : 0);
  return packet(
    0,
    Buffer.concat([
      Buffer.from('\n10.11.6-MariaDB\0'),
      Buffer.from([1, 0, 0, 0]),
      Buffer.from('12345678\0'),
      Buffer.from([flags & 0xff, flags >> 8, 45, 2, 0, pluginFlag, 0, 21]),
      Buffer.alloc(10),
      Buffer.from('123456789012\0mysql_native_password\0'),
    ]),
  );
}

/** Access denied: said to whoever got so far. */
const denied = Buffer.concat([Buffer.from([0xff, 0x15, 0x04]), Buffer.from('#28000Access denied')]);

interface Certificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** A server that greets, changes to TLS where it has a certificate, and lets nobody in. */
async function greet(certificate: Certificate | null) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write(greeting(certificate !== null));
    socket.once('data', (data) => {
      if (!certificate) return socket.end(packet(2, denied));
      // the beginning of TLS may have come with the request for it
      socket.pause();
      socket.unshift(Buffer.from(data).subarray(requestBytes));
      const secure = new TLSSocket(socket, {
        isServer: true,
        cert: certificate.certificatePem,
        key: certificate.privateKeyPem,
      });
      secure.on('error', () => {});
      secure.once('data', () => secure.end(packet(3, denied)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-mariadb-tls-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let serial = 1;

/** A certificate that vouches for itself, and the file of it for whoever trusts it. */
async function certify(name: { readonly type: 'dns' | 'ip'; readonly value: string }) {
  const { SubjectAlternativeNameExtension } = await loadX509();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  serial += 1;
  const certificatePem = await sign({
    serialNumber: `0${serial}`,
    subject: 'CN=database',
    issuer: 'CN=database',
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    // the browser's types of keys, which tests see too, are others
    ...(keysFor(privateKeyPem, privateKeyPem) as never as Record<
      'publicKey' | 'signingKey',
      never
    >),
    extensions: [new SubjectAlternativeNameExtension([name])],
  });
  const authority = join(folder, `${serial}.pem`);
  await writeFile(authority, certificatePem);
  return { certificatePem, privateKeyPem, tls: { authority } };
}

/** What opening says against this server. */
async function sentence(host: string, certificate: Certificate | null, tls: DatabaseTls) {
  await using server = await greet(certificate);
  const error = await openMariadb({
    engine: 'mariadb',
    hosts: [{ host, port: server.port }],
    user: 'muster',
    password: 'secret',
    database: 'muster',
    tls,
    pool: 2,
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatabaseError);
  return (error as DatabaseError).message;
}

const wentThrough = /does not let muster in/;

describe('a server is believed', () => {
  test('by its name, where the authority that was named signed it', async () => {
    const certificate = await certify({ type: 'dns', value: 'localhost' });
    expect(await sentence('localhost', certificate, certificate.tls)).toMatch(wentThrough);
  });

  test('by its address too', async () => {
    const certificate = await certify({ type: 'ip', value: '127.0.0.1' });
    expect(await sentence('127.0.0.1', certificate, certificate.tls)).toMatch(wentThrough);
  });

  test('without a certificate where the connection is meant to be plain', async () => {
    expect(await sentence('127.0.0.1', null, 'off')).toMatch(wentThrough);
  });
});

describe('a server is not believed', () => {
  test('where nobody known signed it', async () => {
    const certificate = await certify({ type: 'dns', value: 'localhost' });
    const text = await sentence('localhost', certificate, { authority: null });
    expect(text).toMatch(/certificate .*is not trusted.*\?tls=FILE/);
  });

  test.each([
    ['name', 'localhost', { type: 'dns', value: 'elsewhere.example' }],
    ['address', '127.0.0.1', { type: 'ip', value: '192.0.2.7' }],
    [
      'name, which a numeric address must not be taken for',
      '127.0.0.1',
      {
        type: 'dns',
        value: 'localhost',
      },
    ],
  ] as const)('where the certificate is for another %s', async (_, host, name) => {
    const certificate = await certify(name);
    expect(await sentence(host, certificate, certificate.tls)).toMatch(/is not trusted/);
  });

  test('where it has no TLS at all', async () => {
    const { tls } = await certify({ type: 'dns', value: 'localhost' });
    expect(await sentence('localhost', null, tls)).toMatch(/does not encrypt connections/);
  });
});

test('an authority that cannot be read is named', async () => {
  const missing = join(folder, 'missing.pem');
  const text = await sentence('localhost', null, { authority: missing });
  expect(text).toContain(`${missing} cannot be read (ENOENT)`);
  const empty = join(folder, 'empty.pem');
  await writeFile(empty, 'nothing');
  expect(await sentence('localhost', null, { authority: empty })).toContain('no certificate');
});
