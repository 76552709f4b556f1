import { type Refusal, refuse } from '../core/refusal.ts';
import { networkOf } from './address.ts';
import type { Failures } from './failures.ts';

/** Wrong guesses a minute that a browser may make, and an address and the whole site before answers slow down. */
const perBrowser = 8;
const perAddress = 60;
const perSite = 600;
const delayMs = 2_000;
/** Slowed guesses under way at once; more from strangers are not looked at. */
const maxHeld = 64;
/** Of these for one network, so that one stranger does not fill every place. */
const maxHeldOfNetwork = 16;
const maxKnown = 100_000;

/**
 * Throttles wrong guesses of typed codes; a right one works, if slowly. A browser that keeps guessing wrong waits;
 * its neighbours behind the same address do not. Once an address or the site has had too many wrong guesses, answers
 * to browsers that have not checked in here come slowly, a bounded number at a time: 64 in 2 s are about 4,000 in the life of a code, of a
 * billion possible ones.
 */
export class Guesses {
  readonly #failures: Failures;
  readonly #known = new Set<string>();
  /** How many wait, by network. */
  readonly #held = new Map<string, number>();

  constructor(failures: Failures) {
    this.#failures = failures;
  }

  /** May this browser try a code now? Waits where guessing is slowed. */
  async check(browser: string | undefined, address: string): Promise<{ ok: true } | Refusal> {
    const count = (key: string) => this.#failures.count(`guess/${key}`);
    const guesser = browser !== undefined && count(`browser/${browser}`) >= perBrowser;
    const many = count(`address/${address}`) >= perAddress || count('site') >= perSite;
    const known = browser !== undefined && this.#known.has(browser);
    if (!guesser && (!many || known)) return { ok: true };
    return (await this.#hold(networkOf(address)))
      ? { ok: true }
      : refuse('throttled', { retryAfter: 10 });
  }

  /** Waits; false at once where too many wait already. */
  async #hold(network: string): Promise<boolean> {
    const held = this.#held.get(network) ?? 0;
    const all = [...this.#held.values()].reduce((sum, count) => sum + count, 0);
    if (all >= maxHeld || held >= maxHeldOfNetwork) return false;
    this.#held.set(network, held + 1);
    await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
    const left = (this.#held.get(network) ?? 1) - 1;
    if (left > 0) this.#held.set(network, left);
    else this.#held.delete(network);
    return true;
  }

  /** Remembers a wrong guess and says so. */
  noteWrong(browser: string | undefined, address: string): Refusal {
    const own = `guess/browser/${browser}`;
    const guesser = browser !== undefined && this.#failures.count(own) >= perBrowser;
    if (browser !== undefined) this.#failures.note(own);
    this.#failures.note(`guess/address/${address}`);
    this.#failures.note('guess/site');
    return guesser ? refuse('throttled', { retryAfter: 60 }) : refuse('typed-code-wrong');
  }

  /** Wrong guesses of the last minute, where there are so many that hosts should hear of them; else 0. */
  get lately(): number {
    const count = this.#failures.count('guess/site');
    return count >= perAddress ? count : 0;
  }

  /** A browser that has checked in is no stranger. */
  noteCheckIn(browser: string): void {
    this.#known.delete(browser);
    this.#known.add(browser);
    const oldest = this.#known.values().next().value;
    if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
  }
}
