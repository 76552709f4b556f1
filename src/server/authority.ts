import { X509Certificate } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { hostname as machineName } from 'node:os';
import { join } from 'node:path';
import { linkOnce, readIfThere, writeWhole } from '../store/whole-file.ts';
import { nameConstraints } from './name-constraints.ts';
import { certificateIn, newKey, privateKeyIn } from './pem.ts';
import { keysFor, loadX509, sign } from './x509.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The own certificate authority; `fingerprint` is SHA-256 of its certificate, `AA:BB:...`. */
export interface Authority {
  certificatePem: string;
  privateKeyPem: string;
  fingerprint: string;
}

/** The authority's files cannot be used; the message says what is wrong and what to do. */
export class AuthorityDamaged extends Error {}

/**
 * Reads `authority.crt` and `authority.key` from the key folder, or makes them; never overwrites
 * one. The authority can vouch only for `localhost`, this machine's name, `.local` names and local
 * addresses (name constraints, RFC 5280 section 4.2.1.10): a stolen key cannot impersonate the
 * internet to machines that trust it. `now` is epoch ms.
 *
 * @throws AuthorityDamaged where a file is missing, damaged, foreign or expired
 */
export async function loadOrCreateAuthority(options: {
  folder: string;
  now: number;
  hostname?: string;
}): Promise<Authority> {
  const { folder, now, hostname = machineName() } = options;
  const [crt, key] = [join(folder, 'authority.crt'), join(folder, 'authority.key')];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readIfThere(crt)) === undefined) {
    if ((await readIfThere(key)) === undefined) await writeWhole(key, newKey(), linkOnce);
    const keyPem = (await readIfThere(key)) ?? '';
    if (!privateKeyIn(keyPem)) throw damaged(key, 'is damaged');
    const signed = await signAuthority(keyPem, hostname.toLowerCase(), now);
    await writeWhole(crt, signed, publishOnce);
  }
  const [certificatePem = '', privateKeyPem = ''] = await Promise.all([crt, key].map(readIfThere));
  const certificate = certificateIn(certificatePem);
  const privateKey = privateKeyIn(privateKeyPem);
  if (!certificate?.ca) throw damaged(crt, 'is damaged');
  if (!privateKey) throw damaged(key, 'is missing or damaged');
  if (!certificate.checkPrivateKey(privateKey)) throw damaged(key, 'does not fit authority.crt');
  if (certificate.validToDate.getTime() <= now) throw damaged(crt, 'has expired');
  return { certificatePem, privateKeyPem, fingerprint: certificate.fingerprint256 };
}

/**
 * The authority as a download that operating systems install, and the first 80 bits of its
 * fingerprint for people to compare with what they are shown: `3F2A 91BC ...`.
 */
export function presentAuthority({ certificatePem, fingerprint }: Authority) {
  return {
    fileName: 'muster-authority.crt',
    contentType: 'application/x-x509-ca-cert',
    body: new X509Certificate(certificatePem).raw,
    shortFingerprint: fingerprint.replace(/(..):(..):?/g, '$1$2 ').slice(0, 24),
  };
}

async function signAuthority(keyPem: string, hostname: string, now: number): Promise<string> {
  const x509 = await loadX509();
  const keys = keysFor(keyPem, keyPem);
  return sign({
    subject: [{ CN: [`Muster on ${hostname}`.slice(0, 64)] }],
    issuer: [{ CN: [`Muster on ${hostname}`.slice(0, 64)] }],
    ...keys,
    notBefore: new Date(now - hourMs),
    notAfter: new Date(now + 3_652 * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await nameConstraints(hostname),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

/** The certificate is public: everybody may read it. */
async function publishOnce(draft: string, path: string): Promise<void> {
  await chmod(draft, 0o644);
  await linkOnce(draft, path);
}

function damaged(path: string, what: string): AuthorityDamaged {
  return new AuthorityDamaged(
    `${path} ${what}: restore authority.crt and authority.key from a copy of the key folder, or ` +
      'move both away for a new authority, which must then be installed again on every machine.',
  );
}
