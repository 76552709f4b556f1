import { encodeBytes } from '../core/base32.ts';
import type { Random } from '../core/clock.ts';

const count = 10;
const length = 10;

/** Ten recovery codes of 50 random bits each, in the alphabet of base32.ts; only their keyed hashes are kept. */
export const makeRecoveryCodes = (random: Random): string[] =>
  Array.from({ length: count }, () => encodeBytes(random.bytes(7), length));

/** As people read and type them: two groups of five. */
export const presentRecoveryCodes = (codes: readonly string[]): string[] =>
  codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`);
