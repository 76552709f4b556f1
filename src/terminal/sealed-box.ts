import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/**
 * Seals a value so that only the server can open it, and only for this attempt: X25519 with a one-time key, then
 * AES-256-GCM. Nobody can try passwords against it, the terminal itself included.
 * @param publicKey of the server, SPKI in base64
 */
export function sealBox(publicKey: string, attempt: string, value: unknown): string {
  const own = generateKeyPairSync('x25519');
  const theirs = createPublicKey({
    key: Buffer.from(publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey: theirs });
  const ephemeral = own.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = new Uint8Array(hkdfSync('sha256', shared, ephemeral, 'muster/terminal-box', 32));
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(attempt));
  const sealed = [cipher.update(JSON.stringify(value), 'utf8'), cipher.final()];
  return Buffer.concat([ephemeral, nonce, ...sealed, cipher.getAuthTag()]).toString('base64');
}
