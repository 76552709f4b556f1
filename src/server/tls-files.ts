import { readFile } from 'node:fs/promises';
import type { ServerCertificate } from './certificate.ts';
import { certificateIn, privateKeyIn } from './pem.ts';

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
