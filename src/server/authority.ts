import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname as machineName } from 'node:os';
import { join } from 'node:path';
import type { X509CertificateCreateWithKeyParams } from '@peculiar/x509';
import { isInRanges, localRanges, plainAddress, rangesOf } from './address.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const permittedRanges = Object.values(localRanges).flat();
const permittedAddresses = rangesOf(permittedRanges);

/** The own certificate authority; `fingerprint` is SHA-256 of its certificate, `AA:BB:...`. */
export interface Authority {
  certificatePem: string;
  privateKeyPem: string;
  fingerprint: string;
}

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
    if ((await readIfThere(key)) === undefined) await writeWhole(key, newKey(), 0o600, linkOnce);
    const keyPem = (await readIfThere(key)) ?? '';
    if (!privateKeyIn(keyPem)) throw damaged(key, 'is damaged');
    const signed = await signAuthority(keyPem, hostname.toLowerCase(), now);
    await writeWhole(crt, signed, 0o644, linkOnce);
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
  await writeWhole(path, fresh.certificatePem + fresh.privateKeyPem, 0o600, rename);
  return { ...fresh, issued: true };
}

/** Reads the files of `--tls-cert` and `--tls-key`; a refusal is one sentence for the terminal. */
export async function readTlsFiles(
  certPath: string,
  keyPath: string,
  now: number,
): Promise<({ ok: true } & ServerCertificate) | { ok: false; sentence: string }> {
  const refuse = (sentence: string) => ({ ok: false as const, sentence });
  const read = (path: string) => readFile(path, 'utf8').catch(() => undefined);
  const [certificatePem, privateKeyPem] = await Promise.all([read(certPath), read(keyPath)]);
  if (certificatePem === undefined) return refuse(`${certPath} cannot be read.`);
  if (privateKeyPem === undefined) return refuse(`${keyPath} cannot be read.`);
  const leaf = certificateIn(certificatePem);
  const key = privateKeyIn(privateKeyPem);
  if (!leaf) return refuse(`${certPath} does not begin with a readable PEM certificate.`);
  if (!key) return refuse(`${keyPath} holds no readable PEM private key without passphrase.`);
  if (!leaf.checkPrivateKey(key)) {
    return refuse(`The key in ${keyPath} does not belong to the first certificate in ${certPath}.`);
  }
  const expiresAt = leaf.validToDate.getTime();
  if (expiresAt <= now) return refuse(`The certificate in ${certPath} expired on ${leaf.validTo}.`);
  return { ok: true, certificatePem, privateKeyPem, expiresAt };
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

/** Splits a wish by what the authority's own name constraints permit. */
function namesOf({ authority, hostnames, addresses }: CertificateWish) {
  const { raw } = new X509Certificate(authority.certificatePem);
  const permitsName = (name: string) =>
    isHostname(name) &&
    name.split('.').some((_, at, labels) => raw.includes(nameSubtree(labels.slice(at).join('.'))));
  const permitsAddress = (address: string) => isInRanges(permittedAddresses, address);
  const names = [...new Set(['localhost', ...hostnames.map((name) => name.toLowerCase())])];
  const plain = addresses.map((address) => plainAddress(address) ?? address);
  const numbers = [...new Set(['127.0.0.1', '::1', ...plain])];
  return {
    dns: names.filter(permitsName),
    ip: numbers.filter(permitsAddress),
    leftOut: [
      ...names.filter((name) => !permitsName(name)),
      ...numbers.filter((address) => !permitsAddress(address)),
    ],
  };
}

async function signAuthority(keyPem: string, hostname: string, now: number): Promise<string> {
  const x509 = await loadX509();
  const names = new Set(['localhost', 'local', ...(isHostname(hostname) ? [hostname] : [])]);
  const addressSubtree = (range: string) =>
    tlv(0x30, Buffer.from(new x509.GeneralName('ip', range).rawData));
  const subtrees = [...[...names].map(nameSubtree), ...permittedRanges.map(addressSubtree)];
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
      new x509.Extension('2.5.29.30', true, tlv(0x30, tlv(0xa0, Buffer.concat(subtrees)))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

async function sign(certificate: X509CertificateCreateWithKeyParams): Promise<string> {
  const { X509CertificateGenerator } = await loadX509();
  return `${(await X509CertificateGenerator.create(certificate)).toString('pem')}\n`;
}

/**
 * Loads the certificate library only when something is to be signed, which saves 0.1 s of a usual
 * start. Its container does not load without these two reflection functions, and needs them only
 * then.
 */
async function loadX509() {
  if ('getMetadata' in Reflect) return import('@peculiar/x509');
  const lookUps = { getMetadata: () => undefined, getOwnMetadata: () => undefined };
  Object.assign(Reflect, lookUps);
  try {
    return await import('@peculiar/x509');
  } finally {
    for (const name of Object.keys(lookUps)) Reflect.deleteProperty(Reflect, name);
  }
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function keysFor(subjectPem: string, signerPem: string) {
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    publicKey: createPublicKey(subjectPem).toCryptoKey(ecdsa, true, ['verify']),
    signingKey: createPrivateKey(signerPem).toCryptoKey(ecdsa, false, ['sign']),
  };
}

/** One GeneralSubtree of a name constraint; it permits the name itself and all below it. */
function nameSubtree(name: string): Buffer {
  return tlv(0x30, tlv(0x82, Buffer.from(name, 'ascii')));
}

/** One DER element of at most 65,535 bytes. */
function tlv(tag: number, body: Buffer): Buffer {
  const { length } = body;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), body]);
}

function isHostname(name: string): boolean {
  return name.split('.').every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label));
}

function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function damaged(path: string, what: string): AuthorityDamaged {
  return new AuthorityDamaged(
    `${path} ${what}: restore authority.crt and authority.key from a copy of the key folder, or ` +
      'move both away for a new authority, which must then be installed again on every machine.',
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Writes a draft beside `path` and puts it in place when it is whole and on the disk. */
async function writeWhole(
  path: string,
  text: string,
  mode: number,
  put: (draft: string, path: string) => Promise<void>,
): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', mode);
    try {
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await put(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Of two first starts at once, the second keeps what the first wrote. */
async function linkOnce(draft: string, path: string): Promise<void> {
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
