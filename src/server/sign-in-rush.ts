import { setTimeout as sleep } from 'node:timers/promises';
import type { Refusal } from '../core/refusal.ts';
import { GroupCommit } from '../store/group-commit.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { organisationStream, type Store } from '../store/store.ts';
import { networkOf } from './address.ts';
import { Turns } from './turns.ts';

/** Enough that no thread for passwords ever waits for the next one. */
const atOnce = 48;
const maxWaiting = 400;
/** With more than these under way it is a rush: then some milliseconds more are nothing to each, and spare a commit. */
const fewAtOnce = 8;
const gatherMs = 60;
/** So many share a transaction: a few milliseconds, so that check-ins do not wait. */
const maxBatch = 32;

type Work = (writing: Writing) => Promise<unknown>;

/**
 * Three hundred who sign in at nine o'clock: some are under way at a time, the others wait before anything is done for
 * them, and those under way share transactions, so that check-ins wait neither for the processor nor for the disk.
 */
export class SignInRush {
  readonly #turns = new Turns({ atOnce, waiting: maxWaiting });
  readonly #commits: GroupCommit<Work, unknown>;

  constructor(store: Store) {
    this.#commits = new GroupCommit((works) => commitAll(store, works), {
      maxBatch,
      maxLanes: 1,
      turn: async () => {
        await this.gather();
        await store.engine.turn();
      },
      isShared: (error) => store.engine.isAway(error),
    });
  }

  /**
   * One who signs in, when it is their turn; networks take turns. Refuses `busy` where too many wait, most of them from
   * their network.
   */
  take<T>(address: string, work: () => Promise<T>): Promise<T | Refusal> {
    return this.#turns.take(work, networkOf(address));
  }

  /** Resolves when whoever shares a transaction may have come: at once, where few are under way. */
  async gather(): Promise<void> {
    if (this.#turns.running > fewAtOnce) await sleep(gatherMs);
  }

  /** As `commit`, in one transaction with others who sign in at the same moment; the organisation's stream is held. */
  async commit<T>(work: (writing: Writing) => Promise<T>): Promise<T> {
    return (await this.#commits.submit(work)) as T;
  }
}

function commitAll(store: Store, works: readonly Work[]): Promise<unknown[]> {
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const settled = await Promise.allSettled(works.map((work) => work(writing)));
    const failed = settled.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return settled.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value);
  });
}
