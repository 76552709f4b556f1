import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
} from 'node:crypto';
import type { Vault } from '../store/vault.ts';

/** PKCS #8 of an X25519 private key, up to its 32 bytes. */
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
/** SPKI of an X25519 public key, up to its 32 bytes. */
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const ephemeralLength = 32;
const nonceLength = 12;
const tagLength = 16;

const privateKey = ({ terminalKey }: Pick<Vault, 'terminalKey'>) =>
  createPrivateKey({
    key: Buffer.concat([privatePrefix, terminalKey]),
    format: 'der',
    type: 'pkcs8',
  });

/** To what terminals seal: SPKI in base64. */
export function terminalPublicKey(vault: Pick<Vault, 'terminalKey'>): string {
  const key = createPublicKey(privateKey(vault));
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

/**
 * Opens what a terminal sealed (`src/terminal/sealed-box.ts`) for this attempt: one-time public key, nonce, text, tag.
 * Null where it was sealed for another server or attempt, or changed on the way.
 */
export function openBox(vault: Pick<Vault, 'terminalKey'>, attempt: string, text: string): unknown {
  const box = Buffer.from(text, 'base64');
  if (box.length < ephemeralLength + nonceLength + tagLength) return null;
  const ephemeral = box.subarray(0, ephemeralLength);
  const nonce = box.subarray(ephemeralLength, ephemeralLength + nonceLength);
  const sealed = box.subarray(ephemeralLength + nonceLength, -tagLength);
  try {
    const shared = diffieHellman({
      privateKey: privateKey(vault),
      publicKey: createPublicKey({
        key: Buffer.concat([publicPrefix, ephemeral]),
        format: 'der',
        type: 'spki',
      }),
    });
    const key = new Uint8Array(hkdfSync('sha256', shared, ephemeral, 'muster/terminal-box', 32));
    const cipher = createDecipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(Buffer.from(attempt)).setAuthTag(box.subarray(-tagLength));
    const opened = Buffer.concat([cipher.update(sealed), cipher.final()]);
    return JSON.parse(opened.toString('utf8'));
  } catch {
    return null;
  }
}
