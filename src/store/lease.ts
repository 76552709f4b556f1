import type { Store } from './store.ts';

/**
 * Takes the lease of a job for `ttlMs`, or renews it where `holder` has it already; false where another holds it. The
 * row's lock decides: of many at once one gets it. Tried once: whoever wants it asks again soon anyway.
 */
export function takeLease(
  store: Store,
  job: string,
  holder: string,
  ttlMs: number,
): Promise<boolean> {
  const { engine, organisation } = store;
  return engine.write(async (tx) => {
    const now = store.clock.now();
    const until = now + ttlMs;
    const { numUpdatedRows } = await tx
      .updateTable('lease')
      .set({ holder, until })
      .where('organisation', '=', organisation)
      .where('job', '=', job)
      .where((where) => where.or([where('holder', '=', holder), where('until', '<=', now)]))
      .executeTakeFirstOrThrow();
    if (Number(numUpdatedRows) > 0) return true;
    await engine.insertMissing(tx, 'lease', [{ organisation, job, holder, until }]);
    const row = await tx
      .selectFrom('lease')
      .select('holder')
      .where('organisation', '=', organisation)
      .where('job', '=', job)
      .executeTakeFirst();
    return row?.holder === holder;
  });
}

/** Gives a lease up where `holder` has it: another can take it at once. */
export async function releaseLease(store: Store, job: string, holder: string): Promise<void> {
  await store.engine.write((tx) =>
    tx
      .deleteFrom('lease')
      .where('organisation', '=', store.organisation)
      .where('job', '=', job)
      .where('holder', '=', holder)
      .execute(),
  );
}

/** Whether some instance has the lease of a job at this moment. */
export async function isLeased(store: Store, job: string): Promise<boolean> {
  const row = await store.engine.read
    .selectFrom('lease')
    .select('holder')
    .where('organisation', '=', store.organisation)
    .where('job', '=', job)
    .where('until', '>', store.clock.now())
    .executeTakeFirst();
  return row !== undefined;
}
