import type { Clock } from '../core/clock.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { networkOf } from './address.ts';
import { Failures } from './failures.ts';

/** Wrong passwords that cost no waiting; each further one doubles it, from a second to a quarter of an hour. */
const freeTries = 5;
const firstDelayMs = 1_000;
const maxDelayMs = 15 * 60_000;
const accountWindowMs = 3_600_000;
/** A whole school may stand behind one address. */
const perAddress = 300;
const addressWindowMs = 10 * 60_000;
/** Wrong passwords an hour from a browser in which this account signed in before, whatever strangers do. */
const perDevice = 10;

/** One try of a password, counted as wrong from its beginning, so that many at once gain nothing. */
export interface Try {
  readonly ok: true;
  succeed(): void;
  fail(): void;
  /** The password was not looked at. */
  abandon(): void;
}

/**
 * Slows down guessing of passwords, by account and by address; only wrong ones count. A browser that the account's
 * owner has used before has a small budget of its own, so that nobody can lock out others.
 */
export class SignInThrottle {
  readonly #clock: Clock;
  readonly #accounts: Failures;
  readonly #addresses: Failures;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#accounts = new Failures(clock, { windowMs: accountWindowMs });
    this.#addresses = new Failures(clock, { windowMs: addressWindowMs });
  }

  /**
   * Asks whether a password may be tried now.
   * @param account the same for known and unknown accounts: what the login name leads to
   * @param device the account's own browser, or null
   */
  begin(account: string, address: string, device: string | null): Try | Refusal {
    if (device !== null && this.#accounts.count(device) < perDevice) {
      return this.#start(device, null);
    }
    const network = networkOf(address);
    if (this.#addresses.count(network) >= perAddress) {
      return refuse('sign-in-throttled', { retryAfter: 60 });
    }
    const waitMs = this.#waitMs(account);
    if (waitMs > 0) return refuse('sign-in-throttled', { retryAfter: Math.ceil(waitMs / 1_000) });
    return this.#start(account, network);
  }

  #start(key: string, network: string | null): Try {
    this.#accounts.note(key);
    return {
      ok: true,
      succeed: () => this.#accounts.forget(key),
      fail: () => {
        if (network !== null) this.#addresses.note(network);
      },
      abandon: () => this.#accounts.forgive(key),
    };
  }

  #waitMs(account: string): number {
    const count = this.#accounts.count(account);
    const last = this.#accounts.last(account);
    if (count < freeTries || last === null) return 0;
    const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (count - freeTries));
    return last + delayMs - this.#clock.now();
  }
}
