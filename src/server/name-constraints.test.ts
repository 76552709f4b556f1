import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Authority, loadOrCreateAuthority } from './authority.ts';
import { issueCertificate } from './certificate.ts';
import {
  now,
  openThrowawayAuthority,
  type ThrowawayAuthority,
  wish,
} from './throwaway-authority.ts';
import { visit } from './tls-visit.ts';

const day = 86_400_000;
let place: ThrowawayAuthority;

beforeEach(async () => {
  place = await openThrowawayAuthority();
});

afterEach(() => place[Symbol.asyncDispose]());

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

describe('a client that trusts only the authority', () => {
  test('accepts the server by name and by address', async () => {
    const authority = await place.make();
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
    const stranger = await mkdtemp(join(place.folder, 'other-'));
    const other = await loadOrCreateAuthority({ folder: stranger, now, hostname: 'Lecture-PC' });
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
    const authority = await place.make();
    const server = await forge(authority, { type, value });
    expect(await visit(server, authority.certificatePem, { name })).toBe(verdict);
  });

  test.runIf(spawnSync('openssl', ['version']).status === 0)('openssl agrees', async () => {
    const authority = await place.make();
    const verify = async (name: string, pem: string) => {
      await writeFile(place.at(name), pem);
      const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile'];
      return spawnSync('openssl', [...args, place.at('authority.crt'), place.at(name)], {
        encoding: 'utf8',
      });
    };
    const good = await issueCertificate(wish(authority, ['10.1.2.3']));
    expect((await verify('good.pem', good.certificatePem)).stdout).toMatch(/: OK/);
    const bad = await forge(authority, { type: 'dns', value: 'example.org' });
    expect((await verify('bad.pem', bad.certificatePem)).stderr).toMatch(/permitted subtree/);
    const args = ['x509', '-noout', '-text', '-in', place.at('authority.crt')];
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
