import { commit } from './ledger.ts';
import type { Store } from './store.ts';

/** Rows of one transaction: a few milliseconds, so that check-ins do not wait. */
const piece = 500;
/** A flood of ever new accounts and addresses leaves so many failures at most; the oldest go. */
const maxFailures = 200_000;
/** No failure counts longer; what is further ahead was noted before the clock was set back. */
const longestMs = 2 * 3_600_000;

/** Deletes what is over: failures, one-time links, sign-ins. A few rows at a time. */
export async function deleteOver(
  store: Store,
  { keepFailures = maxFailures }: { keepFailures?: number } = {},
): Promise<void> {
  const now = store.clock.now();
  await deleteFailures(store, now);
  const tooMany = await failureAt(store, 'desc', keepFailures);
  if (tooMany !== null) await deleteFailures(store, tooMany);
  await commit(store, async ({ tx }) => {
    await tx
      .deleteFrom('failure')
      .where('organisation', '=', store.organisation)
      .where('until', '>', now + longestMs)
      .execute();
    for (const table of ['challenge', 'mailed_link'] as const) {
      await tx
        .deleteFrom(table)
        .where('organisation', '=', store.organisation)
        .where('expires_at', '<=', now)
        .execute();
    }
    await tx
      .deleteFrom('sign_in_link')
      .where('organisation', '=', store.organisation)
      .where('expires_at', '<=', now)
      .execute();
  });
  while (await deleteSignIns(store, now));
}

/** When the failure ends that stands at this place, or null where there are fewer. */
async function failureAt(
  { engine, organisation }: Store,
  order: 'asc' | 'desc',
  place: number,
): Promise<number | null> {
  const row = await engine.read
    .selectFrom('failure')
    .select('until')
    .where('organisation', '=', organisation)
    .orderBy('until', order)
    .limit(1)
    .offset(place)
    .executeTakeFirst();
  return row?.until ?? null;
}

async function deleteFailures(store: Store, end: number): Promise<void> {
  for (;;) {
    const last = await failureAt(store, 'asc', piece - 1);
    const until = last === null ? end : Math.min(last, end);
    await commit(store, ({ tx }) =>
      tx
        .deleteFrom('failure')
        .where('organisation', '=', store.organisation)
        .where('until', '<=', until)
        .execute(),
    );
    if (until === end) return;
  }
}

/** Whether there may be more. */
async function deleteSignIns(store: Store, now: number): Promise<boolean> {
  const { engine, organisation } = store;
  const rows = await engine.read
    .selectFrom('sign_in')
    .select('sign_in')
    .where('organisation', '=', organisation)
    .where('expires_at', '<=', now)
    .limit(piece)
    .execute();
  if (rows.length === 0) return false;
  const over = rows.map(({ sign_in }) => sign_in);
  await commit(store, ({ tx }) =>
    tx
      .deleteFrom('sign_in')
      .where('organisation', '=', organisation)
      .where('sign_in', 'in', over)
      .execute(),
  );
  return rows.length === piece;
}
