import { createPublicKey, X509Certificate } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeWhole } from '../store/whole-file.ts';
import { plainAddress } from './address.ts';
import type { Authority } from './authority.ts';
import { permitsAddress, permitsName } from './name-constraints.ts';
import { certificateIn, newKey, privateKeyIn } from './pem.ts';
import { keysFor, loadX509, sign } from './x509.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What a TLS listener needs: leaf first, then its chain; `expiresAt` in epoch ms. */
export interface ServerCertificate {
  certificatePem: string;
  privateKeyPem: string;
  expiresAt: number;
}

/** An own certificate; `leftOut` are names and addresses the authority may not vouch for. */
export type IssuedCertificate = ServerCertificate & { leftOut: string[] };

/** What an own certificate is to hold for, besides loopback; `now` in epoch ms. */
export interface CertificateWish {
  authority: Authority;
  hostnames: readonly string[];
  addresses: readonly string[];
  now: number;
}

/** Issues a certificate for a TLS server: 397 days, the first hour of them already past. */
export async function issueCertificate(wish: CertificateWish): Promise<IssuedCertificate> {
  const { authority, now } = wish;
  const { dns, ip, leftOut } = namesOf(wish);
  const x509 = await loadX509();
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const privateKeyPem = newKey();
  const until = Math.min(now - hourMs + 397 * dayMs, issuer.notAfter.getTime());
  const leafPem = await sign({
    subject: 'CN=Muster server',
    issuer: issuer.subjectName,
    ...keysFor(privateKeyPem, authority.privateKeyPem),
    notBefore: new Date(now - hourMs),
    notAfter: new Date(until),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...dns.map((value) => ({ type: 'dns' as const, value })),
        ...ip.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const expiresAt = new X509Certificate(leafPem).validToDate.getTime();
  return { certificatePem: leafPem + authority.certificatePem, privateKeyPem, expiresAt, leftOut };
}

/**
 * The certificate kept in `server.pem` of the key folder; where names or addresses changed, fewer
 * than 30 days remain, or it is of another authority, of the future or damaged, a new one.
 */
export async function loadOrIssueCertificate(
  wish: CertificateWish & { folder: string },
): Promise<IssuedCertificate & { issued: boolean }> {
  const path = join(wish.folder, 'server.pem');
  const pem = (await readIfThere(path)) ?? '';
  const leaf = certificateIn(pem);
  const { dns, ip, leftOut } = namesOf(wish);
  const key = privateKeyIn(pem);
  if (
    leaf &&
    key &&
    leaf.checkPrivateKey(key) &&
    leaf.verify(createPublicKey(wish.authority.certificatePem)) &&
    leaf.validFromDate.getTime() <= wish.now &&
    leaf.validToDate.getTime() - wish.now >= 30 * dayMs &&
    leaf.subjectAltName?.split(', ').length === dns.length + ip.length &&
    dns.every((name) => leaf.checkHost(name)) &&
    ip.every((address) => leaf.checkIP(address))
  ) {
    return {
      certificatePem: leaf.toString() + wish.authority.certificatePem,
      privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      expiresAt: leaf.validToDate.getTime(),
      leftOut,
      issued: false,
    };
  }
  const fresh = await issueCertificate(wish);
  await writeWhole(path, fresh.certificatePem + fresh.privateKeyPem, rename);
  return { ...fresh, issued: true };
}

/** Splits a wish by what the authority's own name constraints permit. */
function namesOf({ authority, hostnames, addresses }: CertificateWish) {
  const certificate = new X509Certificate(authority.certificatePem);
  const permits = (name: string) => permitsName(certificate, name);
  const names = [...new Set(['localhost', ...hostnames.map((name) => name.toLowerCase())])];
  const plain = addresses.map((address) => plainAddress(address) ?? address);
  const numbers = [...new Set(['127.0.0.1', '::1', ...plain])];
  return {
    dns: names.filter(permits),
    ip: numbers.filter(permitsAddress),
    leftOut: [
      ...names.filter((name) => !permits(name)),
      ...numbers.filter((address) => !permitsAddress(address)),
    ],
  };
}
