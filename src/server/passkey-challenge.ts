import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../core/brand.ts';
import type { Store } from '../store/store.ts';

const lifeMs = 5 * 60_000;
const randomLength = 16;
const bodyLength = randomLength + 8;
const macLength = 16;

/**
 * A challenge for an authenticator: random bytes, the moment it ends, and HMAC over both and its purpose. Nothing is
 * kept until it is answered, so that asking for many fills nothing; the answered one is kept, and taken once.
 * @param purpose `sign-in`, or `add/PERSON`
 */
export function makeChallenge({ vault, clock, random }: Store, purpose: string): string {
  const body = Buffer.alloc(bodyLength);
  body.set(random.bytes(randomLength));
  body.writeBigUInt64BE(BigInt(clock.now() + lifeMs), randomLength);
  return Buffer.concat([body, sign(vault.browserKey, purpose, body)]).toString('base64url');
}

function sign(key: Uint8Array, purpose: string, body: Uint8Array): Buffer {
  const mac = createHmac('sha256', key).update(`challenge:${purpose}:`).update(body).digest();
  return mac.subarray(0, macLength);
}

/** Until when the challenge is good; null where it is not ours, of another purpose, or over. */
export function checkChallenge(
  { vault, clock }: Store,
  purpose: string,
  challenge: string,
): Instant | null {
  const bytes = Buffer.from(challenge, 'base64url');
  if (bytes.length !== bodyLength + macLength) return null;
  const body = bytes.subarray(0, bodyLength);
  const mac = sign(vault.browserKey, purpose, body);
  if (!timingSafeEqual(mac, bytes.subarray(bodyLength))) return null;
  const expiresAt = Number(body.readBigUInt64BE(randomLength));
  return expiresAt > clock.now() ? (expiresAt as Instant) : null;
}
