import { createHash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../core/clock.ts';

/** 256 random bits for a link or a cookie, as URL-safe text. */
export const makeSecret = (random: Random): string =>
  Buffer.from(random.bytes(32)).toString('base64url');

/** What is kept of a secret that somebody else holds: SHA-256 in hex. Enough, because such secrets are random. */
export const hashSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex');

/** Whether two hashes are the same, in constant time. */
export const sameHash = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
