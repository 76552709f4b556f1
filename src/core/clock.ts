import type { Instant } from './brand.ts';

/** Where the present comes from. Rules take `now`; only composition roots hold a clock. */
export interface Clock {
  now(): Instant;
}

/** Where randomness comes from: `bytes(n)` gives n unpredictable bytes. */
export interface Random {
  bytes(length: number): Uint8Array;
}
