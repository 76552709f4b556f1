import { createCipheriv, createDecipheriv } from 'node:crypto';
import { systemRandom } from './system-random.ts';

const nonceLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM (NIST SP 800-38D): nonce, ciphertext, tag. `identity` is bound as associated data, so a sealed value
 * moved to another row does not open.
 */
export function seal(key: Uint8Array, identity: string, plain: string | Uint8Array): Uint8Array {
  const body = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
  // memory of its own: a slice of the shared pool would travel to the database thread with the whole pool
  const sealed = new Uint8Array(nonceLength + body.length + tagLength);
  const nonce = sealed.subarray(0, nonceLength);
  nonce.set(systemRandom.bytes(nonceLength));
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(identity, 'utf8'));
  sealed.set(cipher.update(body), nonceLength);
  cipher.final();
  sealed.set(cipher.getAuthTag(), nonceLength + body.length);
  return sealed;
}

/** @throws where key, identity or a byte is not what it was when sealed */
export function open(key: Uint8Array, identity: string, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(Buffer.from(identity, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  const body = decipher.update(sealed.subarray(nonceLength, sealed.length - tagLength));
  return Buffer.concat([body, decipher.final()]);
}

/** As `open`, for text. */
export const openText = (key: Uint8Array, identity: string, sealed: Uint8Array): string =>
  open(key, identity, sealed).toString('utf8');
