import type { Instant } from '../core/brand.ts';
import type { Clock } from '../core/clock.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() as Instant };

/** The zone that this machine is set to. */
export const systemZone = (): string => Temporal.Now.timeZoneId();
