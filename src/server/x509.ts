import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { X509CertificateCreateWithKeyParams } from '@peculiar/x509';

/**
 * Loads the certificate library only when something is to be signed, which saves 0.1 s of a usual
 * start. Its container does not load without these two reflection functions, and needs them only
 * then.
 */
export async function loadX509() {
  if ('getMetadata' in Reflect) return import('@peculiar/x509');
  const lookUps = { getMetadata: () => undefined, getOwnMetadata: () => undefined };
  Object.assign(Reflect, lookUps);
  try {
    return await import('@peculiar/x509');
  } finally {
    for (const name of Object.keys(lookUps)) Reflect.deleteProperty(Reflect, name);
  }
}

/** The signed certificate as PEM. */
export async function sign(certificate: X509CertificateCreateWithKeyParams): Promise<string> {
  const { X509CertificateGenerator } = await loadX509();
  return `${(await X509CertificateGenerator.create(certificate)).toString('pem')}\n`;
}

/** The key a certificate is for and the key it is signed with, from two private keys as PEM. */
export function keysFor(subjectPem: string, signerPem: string) {
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    publicKey: createPublicKey(subjectPem).toCryptoKey(ecdsa, true, ['verify']),
    signingKey: createPrivateKey(signerPem).toCryptoKey(ecdsa, false, ['sign']),
  };
}

/** One DER element of at most 65,535 bytes. */
export function tlv(tag: number, body: Buffer): Buffer {
  const { length } = body;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), body]);
}
