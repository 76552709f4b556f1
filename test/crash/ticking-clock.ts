import type { Instant } from '../../src/core/brand.ts';

/**
 * Noon of a day in the hall's zone. Time passes only by being looked at, one millisecond a look: no test depends on
 * how fast the machine is, and no two transactions have the same time.
 */
export const noon = Date.parse('2026-11-23T11:00:00Z') as Instant;

export function tickingClock(from: number): { now(): Instant } {
  let time = from;
  return {
    now() {
      time += 1;
      return time as Instant;
    },
  };
}
