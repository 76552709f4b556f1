import { padded, type Tx } from './engine.ts';
import type { Store } from './store.ts';

/**
 * Holds these latches until the transaction ends; of many at once one goes on and the others wait. In sorted order, so
 * that two never wait for each other in a circle. Where transactions never overlap there is nothing to hold.
 */
export async function holdLatches(store: Store, tx: Tx, names: readonly string[]): Promise<void> {
  const { engine, organisation } = store;
  if (engine.exclusive) return;
  const wanted = [...new Set(names)].sort();
  const held = await lock(store, tx, wanted);
  const fresh = wanted.filter((name) => !held.has(name));
  if (fresh.length === 0) return;
  await engine.insertMissing(
    tx,
    'latch',
    fresh.map((latch) => ({ organisation, latch, value: 0 })),
  );
  await lock(store, tx, fresh);
}

async function lock(
  { organisation }: Store,
  tx: Tx,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('latch')
    .select('latch')
    .where('organisation', '=', organisation)
    .where('latch', 'in', padded(names))
    .orderBy('latch')
    .forUpdate()
    .execute();
  return new Set(rows.map(({ latch }) => latch));
}
