import { GroupCommit } from '../store/group-commit.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { organisationStream, type Store } from '../store/store.ts';

/** So many share a transaction: a few milliseconds, so that check-ins do not wait. */
const maxBatch = 32;
const maxWaiting = 1_000;

type Work = (writing: Writing) => Promise<unknown>;
const shared = new WeakMap<Store, GroupCommit<Work, unknown>>();

/**
 * As `commit`, in one transaction with others who sign in at the same moment; the organisation's stream is held. Three
 * hundred at nine o'clock then take the place of a few transactions, and check-ins do not wait behind all of them.
 */
export async function commitTogether<T>(
  store: Store,
  work: (writing: Writing) => Promise<T>,
): Promise<T> {
  let group = shared.get(store);
  if (!group) {
    group = new GroupCommit((works) => commitAll(store, works), {
      maxBatch,
      maxWaiting,
      turn: () => store.engine.turn(),
      isShared: (error) => store.engine.isAway(error),
    });
    shared.set(store, group);
  }
  return (await group.submit(work)) as T;
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
