import { randomBytes } from 'node:crypto';
import type { Instant } from '../core/brand.ts';
import type { Clock, Random } from '../core/clock.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() as Instant };

/** The operating system's randomness. */
export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/** The zone that this machine is set to. */
export const systemZone = (): string => Temporal.Now.timeZoneId();
