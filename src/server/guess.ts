import { type Refusal, refuse } from '../core/refusal.ts';
import { type Counted, countFailures, type Failure, noteFailures } from '../store/failure.ts';
import { GroupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import { networkOf } from './address.ts';

/** Wrong guesses a minute that a browser may make, and an address and the whole site before answers slow down. */
const perBrowser = 8;
const perAddress = 60;
const perSite = 600;
const windowMs = 60_000;
const delayMs = 2_000;
/** Slowed guesses under way at once; more from strangers are not looked at. */
const maxHeld = 64;
/** Of these for one network, so that one stranger does not fill every place. */
const maxHeldOfNetwork = 16;
const maxKnown = 100_000;

const browserSubject = (browser: string) => `guess/browser/${browser}`;
const addressSubject = (address: string) => `guess/address/${networkOf(address)}`;
const siteSubject = 'guess/site';

/**
 * Throttles wrong guesses of typed codes; a right one works, if slowly. A browser that keeps guessing wrong waits;
 * its neighbours behind the same address do not. Once an address or the site has had too many wrong guesses, answers
 * to browsers that have not checked in here come slowly, a bounded number at a time: 64 in 2 s are about 4,000 in the
 * life of a code, of a billion possible ones. Wrong guesses are counted in the database, for all instances; how many
 * wait, and who has checked in, each instance knows for itself.
 */
export class Guesses {
  readonly #store: Store;
  readonly #pause: () => Promise<void>;
  readonly #notes: GroupCommit<readonly Failure[], Counted>;
  readonly #known = new Set<string>();
  /** How many wait, by network. */
  readonly #held = new Map<string, number>();
  /** Until then wrong guesses may be missing in the count, on the process's clock. */
  #uncountedUntil = Number.NEGATIVE_INFINITY;

  /** @param pause what whoever is slowed down waits for */
  constructor(store: Store, { pause = slowly } = {}) {
    this.#store = store;
    this.#pause = pause;
    this.#notes = new GroupCommit((callers) => noteFailures(store, callers), {
      maxWaiting: 1_000,
      isShared: () => true,
    });
  }

  /** May this browser try a code now? Waits where guessing is slowed. */
  async check(browser: string | undefined, address: string): Promise<{ ok: true } | Refusal> {
    const own = browser === undefined ? [] : [browserSubject(browser)];
    const counted = await this.#count([...own, addressSubject(address), siteSubject]);
    const guesser = own.some((subject) => counted(subject).count >= perBrowser);
    const many =
      counted(addressSubject(address)).count >= perAddress ||
      counted(siteSubject).count >= perSite ||
      performance.now() < this.#uncountedUntil;
    const known = browser !== undefined && this.#known.has(browser);
    if (!guesser && (!many || known)) return { ok: true };
    return (await this.#hold(networkOf(address)))
      ? { ok: true }
      : refuse('throttled', { retryAfter: 10 });
  }

  #count(subjects: readonly string[]): Promise<Counted> {
    return countFailures(this.#store, this.#store.engine.read, subjects);
  }

  /** Waits; false at once where too many wait already. */
  async #hold(network: string): Promise<boolean> {
    const held = this.#held.get(network) ?? 0;
    const all = [...this.#held.values()].reduce((sum, count) => sum + count, 0);
    if (all >= maxHeld || held >= maxHeldOfNetwork) return false;
    this.#held.set(network, held + 1);
    await this.#pause();
    const left = (this.#held.get(network) ?? 1) - 1;
    if (left > 0) this.#held.set(network, left);
    else this.#held.delete(network);
    return true;
  }

  /**
   * Remembers a wrong guess and says so. What the database did not take is thrown, and strangers are slowed down for
   * a while, as nobody knows how much they guess.
   */
  async noteWrong(browser: string | undefined, address: string): Promise<Refusal> {
    if (this.#notes.full) return refuse('throttled', { retryAfter: 10 });
    const own = browser === undefined ? [] : [browserSubject(browser)];
    const subjects = [...own, addressSubject(address), siteSubject];
    try {
      const before = await this.#notes.submit(subjects.map((subject) => ({ subject, windowMs })));
      const guesser = own.some((subject) => before(subject).count >= perBrowser);
      return guesser ? refuse('throttled', { retryAfter: 60 }) : refuse('typed-code-wrong');
    } catch (error) {
      this.#uncountedUntil = performance.now() + windowMs;
      throw error;
    }
  }

  /** Wrong guesses of the last minute, where there are so many that hosts should hear of them; else 0. */
  async countLately(): Promise<number> {
    const { count } = (await this.#count([siteSubject]))(siteSubject);
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

const slowly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs).unref());
