import type { Clock } from '../core/clock.ts';
import type { Warning } from '../core/organisation.wire.ts';

/** What a host must hear of, newest last; one of each kind and subject, kept until it no longer holds. */
export class Warnings {
  readonly #clock: Clock;
  readonly #list = new Map<string, Warning>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Raises a warning, or renews it; `subject` tells several of a kind apart. */
  raise(kind: Warning['kind'], detail: Warning['detail'], subject = ''): void {
    const key = `${kind}/${subject}`;
    this.#list.delete(key);
    this.#list.set(key, { kind, at: this.#clock.now(), detail });
  }

  clear(kind: Warning['kind'], subject = ''): void {
    this.#list.delete(`${kind}/${subject}`);
  }

  list(): Warning[] {
    return [...this.#list.values()];
  }
}
