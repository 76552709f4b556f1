import { keepEpoch } from './epoch.ts';
import { commit } from './ledger.ts';
import type { Store } from './store.ts';

/** Keys of one transaction: a few milliseconds. */
const chunk = 200;

/**
 * Wraps everybody's key anew under an epoch that is in force, but for those who leave: nobody makes a key under an older
 * one any more, so that one walk in order of the people is enough.
 * @throws where another instance has begun an erasure meanwhile
 */
export async function rewrapKeys(
  store: Store,
  epoch: number,
  leaving: ReadonlySet<string>,
): Promise<void> {
  for (let after: string | null = ''; after !== null; ) {
    after = await rewrapAfter(store, epoch, leaving, after);
    await new Promise(setImmediate);
  }
}

/** Some keys behind a person's; returns whose was the last, or null at the end. */
function rewrapAfter(
  store: Store,
  epoch: number,
  leaving: ReadonlySet<string>,
  after: string,
): Promise<string | null> {
  const { engine, organisation, vault } = store;
  return commit(store, async ({ tx }) => {
    await keepEpoch(store, tx, epoch);
    const rows = await tx
      .selectFrom('person_key')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('person', '>', after)
      .where('epoch', '<', epoch)
      .orderBy('person')
      .limit(chunk)
      .execute();
    await engine.upsertMany(
      tx,
      'person_key',
      ['organisation', 'person'],
      rows
        .filter(({ person }) => !leaving.has(person))
        .map(({ person, epoch: old, wrapped }) => ({
          organisation,
          person,
          ...vault.wrapPersonKey(person, vault.personKey(person, { epoch: old, wrapped })),
        })),
    );
    return rows.length === chunk ? (rows.at(-1)?.person ?? null) : null;
  });
}
