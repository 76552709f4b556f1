import type { Instant } from '../core/brand.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Tx } from '../store/engine.ts';
import {
  type Beginning,
  beginFailures,
  deleteFailure,
  type Failing,
  forgetFailures,
  type Noted,
  noteFailures,
} from '../store/failure.ts';
import { GroupCommit } from '../store/group-commit.ts';
import { commit } from '../store/ledger.ts';
import type { Store } from '../store/store.ts';
import { networkOf } from './address.ts';

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
  /** @param tx the transaction in which the success is written down, where there is one */
  succeed(tx?: Tx): Promise<void>;
  fail(): Promise<void>;
  /** The password was not looked at. */
  abandon(): Promise<void>;
}

/**
 * Slows down guessing of passwords, by account and by address, on all instances together; only wrong ones count. A
 * browser that the account's owner has used before has a small budget of its own, so that nobody can lock out others.
 */
export class SignInThrottle {
  readonly #store: Store;
  /** Three hundred who sign in at nine o'clock share a few transactions, so that check-ins do not wait behind them. */
  readonly #begun: GroupCommit<Beginning, Noted | Refusal>;

  /** @param gather resolves when callers who are to share a transaction may have come */
  constructor(store: Store, gather: () => Promise<void> = async () => {}) {
    this.#store = store;
    this.#begun = new GroupCommit((callers) => beginFailures(store, callers), {
      maxWaiting: 1_000,
      maxLanes: 1,
      turn: gather,
      isShared: () => true,
    });
  }

  /**
   * Asks whether a password may be tried now.
   * @param account the same for known and unknown accounts: what the login name leads to
   * @param device the account's own browser, or null
   */
  async begin(account: string, address: string, device: string | null): Promise<Try | Refusal> {
    const network = `network/${networkOf(address)}`;
    const owned = device === null ? [] : [device];
    let isOwn = false;
    if (this.#begun.full) return refuse('busy');
    const noted = await this.#begun.submit({
      held: [...owned, account],
      read: [network],
      decide: (counted, now) => {
        isOwn = owned.some((subject) => counted(subject).count < perDevice);
        if (isOwn) return { subject: device as string, windowMs: accountWindowMs };
        if (counted(network).count >= perAddress) {
          return refuse('sign-in-throttled', { retryAfter: 60 });
        }
        const ms = waitMs(counted(account), now);
        return ms > 0
          ? refuse('sign-in-throttled', { retryAfter: Math.ceil(ms / 1_000) })
          : { subject: account, windowMs: accountWindowMs };
      },
    });
    if (isRefusal(noted)) return noted;
    const { row } = noted;
    const write = (work: (tx: Tx) => Promise<void>) => commit(this.#store, ({ tx }) => work(tx));
    return {
      ok: true,
      succeed: (tx) => (tx ? forgetFailures(tx, row) : write((own) => forgetFailures(own, row))),
      fail: async () => {
        if (isOwn) return;
        await noteFailures(this.#store, [[{ subject: network, windowMs: addressWindowMs }]]);
      },
      abandon: () => write((tx) => deleteFailure(tx, row)),
    };
  }
}

function waitMs({ count, last }: Failing, now: Instant): number {
  if (count < freeTries || last === null) return 0;
  const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (count - freeTries));
  return last + delayMs - now;
}
