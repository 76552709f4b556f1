import { randomFillSync } from 'node:crypto';
import type { Random } from '../core/clock.ts';

const pool = Buffer.alloc(16 * 1024);
let used = pool.length;

/** The operating system's randomness, fetched 16 KiB at a time: a call for twelve bytes costs as much as for all. */
export const systemRandom: Random = {
  bytes(length) {
    if (length > pool.length) return randomFillSync(new Uint8Array(length));
    if (used + length > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = new Uint8Array(pool.subarray(used, used + length));
    // nothing that was handed out stays behind
    pool.fill(0, used, used + length);
    used += length;
    return bytes;
  },
};
