import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Authority,
  AuthorityDamaged,
  issueCertificate,
  loadOrCreateAuthority,
  loadOrIssueCertificate,
  presentAuthority,
  readTlsFiles,
} from './authority.ts';

const day = 86_400_000;
/** TLS itself looks at the machine's clock, so these certificates are made for the real present. */
const now = Date.now();
const hostname = 'Lecture-PC';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-authority-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const make = () => loadOrCreateAuthority({ folder, now, hostname });
const wish = (authority: Authority, addresses: string[] = [], hostnames = ['lecture-pc']) => {
  return { authority, hostnames, addresses, now };
};
const at = (name: string) => join(folder, name);
const modeOf = async (name: string) => (await stat(at(name))).mode & 0o777;

/** What a client that trusts only `ca` says about a real server: 'accepted', or the TLS error. */
async function visit(
  server: { certificatePem: string; privateKeyPem: string },
  ca: string,
  { name, host = '127.0.0.1' }: { name: string; host?: string },
): Promise<string> {
  const listener = createServer({ cert: server.certificatePem, key: server.privateKeyPem });
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, host, resolve));
  const { port } = listener.address() as AddressInfo;
  let client: TLSSocket | undefined;
  const verdict = await new Promise<string>((resolve) => {
    const isName = /[a-z]/.test(name) && !name.includes(':');
    client = connect({ host, port, ca, ...(isName ? { servername: name } : {}) });
    client.once('secureConnect', () => resolve('accepted'));
    client.once('error', (error) => resolve(error.message));
    client.once('close', () => resolve('closed'));
  });
  const closed = new Promise((resolve) => listener.close(resolve));
  client?.destroy();
  await closed;
  return verdict;
}

/** A leaf that the thief of the authority's key signs for whatever they like. */
async function forge(authority: Authority, name: { type: 'dns' | 'ip'; value: string }) {
  const x509 = await import('@peculiar/x509');
  const privateKeyPem = (await issueCertificate(wish(authority))).privateKeyPem;
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
  const leaf = await x509.X509CertificateGenerator.create({
    subject: 'CN=Muster server',
    issuer: new x509.X509Certificate(authority.certificatePem).subject,
    notBefore: new Date(now - 1000),
    notAfter: new Date(now + day),
    publicKey: createPublicKey(privateKeyPem).toCryptoKey(ecdsa, true, ['verify']),
    signingKey: createPrivateKey(authority.privateKeyPem).toCryptoKey(ecdsa, false, ['sign']),
    extensions: [new x509.SubjectAlternativeNameExtension([name])],
  });
  return { certificatePem: `${leaf.toString('pem')}\n${authority.certificatePem}`, privateKeyPem };
}

describe('the authority', () => {
  test('is made once, kept, and readable only by its owner', async () => {
    const authority = await make();
    expect(await make()).toEqual(authority);
    expect((await readdir(folder)).sort()).toEqual(['authority.crt', 'authority.key']);
    expect(await modeOf('authority.key')).toBe(0o600);
    expect(await modeOf('authority.crt')).toBe(0o644);
    const certificate = new X509Certificate(authority.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toBe('CN=Muster on lecture-pc');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(authority.fingerprint).toBe(certificate.fingerprint256);
    const years = (certificate.validToDate.getTime() - now) / (365.25 * day);
    expect(years).toBeCloseTo(10, 1);
  });

  test('two first starts at once agree on one', async () => {
    const all = await Promise.all([make(), make(), make(), make()]);
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(['authority.crt', 'authority.key']);
  });

  test('a start that was interrupted after the key is completed with that key', async () => {
    const { privateKeyPem } = await make();
    await rm(at('authority.crt'));
    expect((await make()).privateKeyPem).toBe(privateKeyPem);
  });

  test('leaves the reflection API of the process as it was', async () => {
    const before = Object.getOwnPropertyNames(Reflect);
    await make();
    expect(Object.getOwnPropertyNames(Reflect)).toEqual(before);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['the certificate cut', () => writeFile(at('authority.crt'), 'x'), /authority.crt is damaged/],
    ['the certificate empty', () => writeFile(at('authority.crt'), ''), /authority.crt is damaged/],
    ['the key cut', () => writeFile(at('authority.key'), 'x'), /authority.key is .*damaged/],
    ['the key missing', () => rm(at('authority.key')), /authority.key is missing/],
  ])('%s is an error that says what to do, and changes nothing', async (_what, harm, message) => {
    await make();
    await harm();
    const files = async () =>
      Promise.all((await readdir(folder)).map((name) => readFile(at(name), 'utf8')));
    const before = await files();
    const refused = await make().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AuthorityDamaged);
    expect((refused as Error).message).toMatch(message);
    expect((refused as Error).message).toMatch(/restore .* from a copy of the key folder/);
    expect(await files()).toEqual(before);
  });

  test('a key of another authority and an expired certificate are refused', async () => {
    const mine = await make();
    await rm(at('authority.crt'));
    await rm(at('authority.key'));
    await make();
    await writeFile(at('authority.key'), mine.privateKeyPem);
    await expect(make()).rejects.toThrow(/does not fit/);
    await writeFile(at('authority.crt'), mine.certificatePem);
    const later = now + 3653 * day;
    await expect(loadOrCreateAuthority({ folder, now: later })).rejects.toThrow(/has expired/);
  });

  test('is presented as a download with a fingerprint people can compare', async () => {
    const authority = await make();
    const { body, shortFingerprint, contentType } = presentAuthority(authority);
    expect(new X509Certificate(body).fingerprint256).toBe(authority.fingerprint);
    expect(shortFingerprint).toMatch(/^([0-9A-F]{4} ){4}[0-9A-F]{4}$/);
    const digits = authority.fingerprint.replaceAll(':', '');
    expect(digits.startsWith(shortFingerprint.replaceAll(' ', ''))).toBe(true);
    expect(contentType).toBe('application/x-x509-ca-cert');
  });
});

describe('a client that trusts only the authority', () => {
  test('accepts the server by name and by address', async () => {
    const authority = await make();
    const server = await issueCertificate(
      wish(authority, ['192.168.1.20', 'fd00::5', 'fe80::1%eth0'], ['lecture-pc', 'x.local']),
    );
    expect(server.leftOut).toEqual([]);
    const ca = authority.certificatePem;
    for (const name of ['localhost', '127.0.0.1', 'LECTURE-PC', 'x.local']) {
      expect(await visit(server, ca, { name }), name).toBe('accepted');
    }
    expect(await visit(server, ca, { name: '::1', host: '::1' })).toBe('accepted');
    expect(await visit(server, ca, { name: 'other.local' })).toMatch(/does not match/);
    const stranger = await mkdtemp(join(folder, 'other-'));
    const other = await loadOrCreateAuthority({ folder: stranger, now, hostname });
    expect(await visit(server, other.certificatePem, { name: 'localhost' })).not.toBe('accepted');
  });

  test.each([
    ['dns', 'localhost', 'localhost', 'accepted'],
    ['dns', 'a.lecture-pc', 'a.lecture-pc', 'accepted'],
    ['dns', 'example.org', 'example.org', 'permitted subtree violation'],
    ['dns', 'notlocalhost', 'notlocalhost', 'permitted subtree violation'],
    ['dns', 'local.example.org', 'local.example.org', 'permitted subtree violation'],
    ['ip', '127.0.0.1', '127.0.0.1', 'accepted'],
    ['ip', '8.8.8.8', '127.0.0.1', 'permitted subtree violation'],
    ['ip', '172.32.0.1', '127.0.0.1', 'permitted subtree violation'],
    ['ip', '2001:db8::1', '127.0.0.1', 'permitted subtree violation'],
  ] as const)('meets a leaf the stolen key signed for %s %s: %s: %s', async (...row) => {
    const [type, value, name, verdict] = row;
    const authority = await make();
    const server = await forge(authority, { type, value });
    expect(await visit(server, authority.certificatePem, { name })).toBe(verdict);
  });

  test.runIf(spawnSync('openssl', ['version']).status === 0)('openssl agrees', async () => {
    const authority = await make();
    const verify = async (name: string, pem: string) => {
      await writeFile(at(name), pem);
      const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile'];
      return spawnSync('openssl', [...args, at('authority.crt'), at(name)], { encoding: 'utf8' });
    };
    const good = await issueCertificate(wish(authority, ['10.1.2.3']));
    expect((await verify('good.pem', good.certificatePem)).stdout).toMatch(/: OK/);
    const bad = await forge(authority, { type: 'dns', value: 'example.org' });
    expect((await verify('bad.pem', bad.certificatePem)).stderr).toMatch(/permitted subtree/);
    const args = ['x509', '-noout', '-text', '-in', at('authority.crt')];
    const text = execFileSync('openssl', args, { encoding: 'utf8' });
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign\n/);
    const constraints = /Name Constraints: critical\s+Permitted:\s+([\s\S]*?)\n {12}X509v3/.exec(
      text,
    );
    expect(constraints?.[1]?.split(/\s*\n\s*/)).toEqual([
      'DNS:localhost',
      'DNS:local',
      'DNS:lecture-pc',
      'IP:127.0.0.0/255.0.0.0',
      'IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF',
      'IP:10.0.0.0/255.0.0.0',
      'IP:172.16.0.0/255.240.0.0',
      'IP:192.168.0.0/255.255.0.0',
      'IP:FC00:0:0:0:0:0:0:0/FE00:0:0:0:0:0:0:0',
      'IP:169.254.0.0/255.255.0.0',
      'IP:FE80:0:0:0:0:0:0:0/FFC0:0:0:0:0:0:0:0',
    ]);
  });
});

describe('a certificate', () => {
  test('holds 397 days from an hour ago and leaves out what it may not carry', async () => {
    const authority = await make();
    const issued = await issueCertificate(
      wish(
        authority,
        ['8.8.8.8', '::ffff:10.0.0.9', '2001:db8::1', 'rubbish'],
        ['example.org', 'pc.local', 'lecture-pc.example.org', 'bad name', '', 'lecture-pc'],
      ),
    );
    const leaf = new X509Certificate(issued.certificatePem);
    expect(leaf.subjectAltName).toBe(
      'DNS:localhost, DNS:pc.local, DNS:lecture-pc, IP Address:127.0.0.1, ' +
        'IP Address:0:0:0:0:0:0:0:1, IP Address:10.0.0.9',
    );
    expect(issued.leftOut).toEqual([
      'example.org',
      'lecture-pc.example.org',
      'bad name',
      '',
      '8.8.8.8',
      '2001:db8::1',
      'rubbish',
    ]);
    const from = Math.floor((now - 3_600_000) / 1000) * 1000;
    expect(leaf.validFromDate.getTime()).toBe(from);
    expect(issued.expiresAt).toBe(from + 397 * day);
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(await visit(issued, authority.certificatePem, { name: 'localhost' })).toBe('accepted');
  });

  test('never outlives its authority', async () => {
    const authority = await make();
    const late = now + 3600 * day;
    const { expiresAt } = await issueCertificate({ ...wish(authority), now: late });
    const { validToDate } = new X509Certificate(authority.certificatePem);
    expect(expiresAt).toBe(validToDate.getTime());
  });

  test('is kept while it fits, in a file only its owner reads', async () => {
    const authority = await make();
    const first = await loadOrIssueCertificate({ ...wish(authority, ['10.0.0.5']), folder });
    expect(first.issued).toBe(true);
    expect(await modeOf('server.pem')).toBe(0o600);
    const again = { ...wish(authority, ['10.0.0.5', '8.8.8.8', '10.0.0.5']), folder };
    const second = await loadOrIssueCertificate({ ...again, now: now + 366 * day });
    expect(second).toEqual({ ...first, issued: false, leftOut: ['8.8.8.8'] });
    expect(await visit(second, authority.certificatePem, { name: 'localhost' })).toBe('accepted');
    expect((await readdir(folder)).length).toBe(3);
  });

  test.each<[string, (authority: Authority) => object | Promise<object>]>([
    ['an address came', () => ({ addresses: ['10.0.0.5', '10.0.0.6'] })],
    ['an address went', () => ({ addresses: [] })],
    ['an address changed', () => ({ addresses: ['10.0.0.7'] })],
    ['a name changed', () => ({ hostnames: ['pc.local'] })],
    ['fewer than 30 days remain', () => ({ now: now + 367.5 * day })],
    ['the clock was set back', () => ({ now: now - 2 * day })],
    ['the file is damaged', () => writeFile(at('server.pem'), 'x').then(() => ({}))],
    [
      'its key is cut off',
      async () => {
        const pem = await readFile(at('server.pem'), 'utf8');
        await writeFile(at('server.pem'), pem.slice(0, pem.indexOf('-----BEGIN PRIVATE')));
        return {};
      },
    ],
    [
      'the authority is another one',
      async () => {
        await rm(at('authority.crt'));
        await rm(at('authority.key'));
        return { authority: await make() };
      },
    ],
  ])('is issued anew when %s', async (_why, change) => {
    const authority = await make();
    const before = { ...wish(authority, ['10.0.0.5']), folder };
    const first = await loadOrIssueCertificate(before);
    const after = { ...before, ...(await change(authority)) };
    const second = await loadOrIssueCertificate(after);
    expect(second.issued).toBe(true);
    expect(second.privateKeyPem).not.toBe(first.privateKeyPem);
    expect((await loadOrIssueCertificate(after)).issued).toBe(false);
  });
});

describe('readTlsFiles', () => {
  async function files() {
    const authority = await make();
    const own = await issueCertificate(wish(authority));
    await writeFile(at('tls.crt'), own.certificatePem);
    await writeFile(at('tls.key'), own.privateKeyPem);
    return { authority, own };
  }
  const read = (when = now) => readTlsFiles(at('tls.crt'), at('tls.key'), when);

  test('gives what a server serves', async () => {
    const { authority, own } = await files();
    const given = await read();
    const { certificatePem, privateKeyPem, expiresAt } = own;
    expect(given).toEqual({ ok: true, certificatePem, privateKeyPem, expiresAt });
    expect(await visit(own, authority.certificatePem, { name: 'localhost' })).toBe('accepted');
  });

  test.each<[string, () => unknown, RegExp, number?]>([
    ['no certificate file', () => rm(at('tls.crt')), /tls\.crt cannot be read\.$/],
    ['no key file', () => rm(at('tls.key')), /tls\.key cannot be read\.$/],
    ['a certificate not PEM', () => writeFile(at('tls.crt'), 'x'), /tls\.crt does not begin with/],
    ['a key not PEM', () => writeFile(at('tls.key'), 'x'), /tls\.key holds no readable PEM/],
    ['swapped files', swap, /tls\.crt does not begin with/],
    ['a foreign key', foreignKey, /does not belong to the first certificate/],
    ['a key with passphrase', lockKey, /without passphrase/],
    ['an expired certificate', () => undefined, /tls\.crt expired on /, now + 398 * day],
  ])('%s is one clear sentence', async (_what, harm, sentence, when = now) => {
    await files();
    await harm();
    const given = await read(when);
    expect(given).toEqual({ ok: false, sentence: expect.stringMatching(sentence) });
  });

  async function swap() {
    const [crt, key] = await Promise.all(['tls.crt', 'tls.key'].map((name) => readFile(at(name))));
    await writeFile(at('tls.crt'), key ?? '');
    await writeFile(at('tls.key'), crt ?? '');
  }

  async function foreignKey() {
    await writeFile(at('tls.key'), await readFile(at('authority.key')));
  }

  async function lockKey() {
    const key = createPrivateKey(await readFile(at('tls.key'), 'utf8'));
    const lock = { cipher: 'aes-256-cbc', passphrase: 'secret' };
    await writeFile(at('tls.key'), key.export({ type: 'pkcs8', format: 'pem', ...lock }));
  }
});
