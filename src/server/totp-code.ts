import { Secret, TOTP } from 'otpauth';
import type { Instant } from '../core/brand.ts';

/** RFC 6238 as every authenticator has it. */
const shape = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const stepMs = shape.period * 1_000;

/** The step whose code this is: the present one or a neighbour, for clocks that are off; null where it is none's. */
export function findStep(secret: string, code: string, now: Instant): number | null {
  const totp = new TOTP({ ...shape, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? null : Math.floor(now / stepMs) + delta;
}

/** What an authenticator reads from the QR code. */
export function presentUri(secret: string, issuer: string, label: string): string {
  return new TOTP({ ...shape, secret: Secret.fromBase32(secret), issuer, label }).toString();
}

/** A new secret of 160 bits, base32. */
export const makeTotpSecret = (bytes: Uint8Array): string =>
  new Secret({ buffer: new Uint8Array(bytes).buffer }).base32;
