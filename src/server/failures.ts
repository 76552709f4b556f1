import type { Instant } from '../core/brand.ts';
import type { Clock } from '../core/clock.ts';

/**
 * Counts failures by key (an address, an account, a session) over a sliding window. Successes cost nothing, so a
 * class behind one address never counts. Bounded: the oldest keys go first.
 */
export class Failures {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #maxKeys: number;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock, { windowMs = 60_000, maxKeys = 50_000 } = {}) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#maxKeys = maxKeys;
  }

  note(key: string): void {
    const times = this.#recent(key);
    times.push(this.#clock.now());
    if (times.length > 2_000) times.shift();
    this.#times.delete(key);
    this.#times.set(key, times);
    const oldest = this.#times.keys().next().value;
    if (this.#times.size > this.#maxKeys && oldest !== undefined) this.#times.delete(oldest);
  }

  /** Failures of this key within the window. */
  count(key: string): number {
    return this.#recent(key).length;
  }

  /** When the latest failure of this key within the window was, or null. */
  last(key: string): Instant | null {
    return (this.#recent(key).at(-1) ?? null) as Instant | null;
  }

  /** Takes the latest failure back: it was none. */
  forgive(key: string): void {
    this.#times.get(key)?.pop();
  }

  forget(key: string): void {
    this.#times.delete(key);
  }

  #recent(key: string): number[] {
    const now = this.#clock.now();
    // what seems to lie ahead was noted before the clock was set back: it must not lock anybody out for that long
    return (this.#times.get(key) ?? []).filter((at) => at > now - this.#windowMs && at <= now);
  }
}
