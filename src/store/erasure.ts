import type { PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { padded, type Tx } from './engine.ts';
import { clearTraces } from './erasure-trace.ts';
import { commit } from './ledger.ts';
import { peopleStream, type Store } from './store.ts';

const chunk = 200;

/** One erasure at a time: each makes the next epoch. */
const running = new WeakMap<Store, Promise<unknown>>();

/**
 * Erases a person and the guests that were merged into them. Their keys go for good: everybody else's key is
 * wrapped under a new epoch key and the older epoch keys are destroyed, so that no older copy of the database can
 * bring a name back. Records, and the chain with its hashes, stay. Refuses `not-found` for nobody, or an erased one.
 */
export function erasePerson(
  store: Store,
  actor: string,
  person: PersonId,
): Promise<{ ok: true; erased: readonly PersonId[] } | Refusal> {
  const result = (running.get(store) ?? Promise.resolve()).then(() => erase(store, actor, person));
  running.set(
    store,
    result.catch(() => {}),
  );
  return result;
}

async function erase(store: Store, actor: string, person: PersonId) {
  const { vault, keys } = store;
  if (!(await isThere(store, person))) return refuse('not-found');
  let epoch = Math.max(...vault.epochs.keys()) + 1;
  // an erasure that was broken off may have left one
  while (await keys.has(`epoch-${epoch}.key`)) epoch += 1;
  vault.addEpoch(epoch, await keys.createEpoch(epoch));
  const guests = await mergedInto(store, person);
  const leaving = new Set<string>([person, ...guests]);
  while ((await store.engine.write((tx) => rewrap(store, tx, epoch, leaving, chunk))) === chunk) {
    await new Promise(setImmediate);
  }
  const outcome = await commit(store, async ({ tx, now, append }) => {
    // those whose key was made meanwhile
    while ((await rewrap(store, tx, epoch, leaving, chunk)) === chunk);
    for (const id of leaving) await clearTraces(store, tx, id);
    await append(
      [...leaving].map((id) => ({
        stream: peopleStream,
        type: 'person.erased',
        occurredAt: now,
        actor,
        subject: id as PersonId,
        facts: { epoch },
      })),
    );
    return { ok: true as const, erased: [...leaving] as PersonId[] };
  });
  for (const id of leaving) vault.forget(id);
  await destroyUnusedEpochs(store);
  return outcome;
}

async function isThere({ engine, organisation }: Store, person: PersonId): Promise<boolean> {
  const row = await engine.read
    .selectFrom('person')
    .select('state')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  return row !== undefined && row.state !== 'erased';
}

/** Guests that turned out to be this person, and those that turned out to be them. */
async function mergedInto({ engine, organisation }: Store, person: PersonId): Promise<string[]> {
  const found: string[] = [];
  let into: string[] = [person];
  while (into.length > 0) {
    const rows = await engine.read
      .selectFrom('person')
      .select('person')
      .where('organisation', '=', organisation)
      .where('merged_into', 'in', into)
      .execute();
    into = rows.map((row) => row.person).filter((id) => !found.includes(id) && id !== person);
    found.push(...into);
  }
  return found;
}

/** Wraps some keys of older epochs anew; returns how many. */
async function rewrap(
  store: Store,
  tx: Tx,
  epoch: number,
  leaving: ReadonlySet<string>,
  limit: number,
): Promise<number> {
  const { engine, organisation, vault } = store;
  const rows = await tx
    .selectFrom('person_key')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('epoch', '<', epoch)
    .where('person', 'not in', padded([...leaving]))
    .limit(limit)
    .execute();
  await engine.upsertMany(
    tx,
    'person_key',
    ['organisation', 'person'],
    rows.map(({ person, epoch: old, wrapped }) => ({
      organisation,
      person,
      ...vault.wrapPersonKey(person, vault.personKey(person, { epoch: old, wrapped })),
    })),
  );
  return rows.length;
}

/**
 * Destroys the keys of epochs older than any that a person's key is wrapped under: what an erasure leaves to do
 * when the process ends between its commit and its last step. Call it at the start too.
 */
export async function destroyUnusedEpochs(store: Store): Promise<void> {
  const { engine, vault, keys } = store;
  const row = await engine.read
    .selectFrom('person_key')
    .select(({ fn }) => fn.min('epoch').as('oldest'))
    .executeTakeFirst();
  const oldest = row?.oldest ?? Math.max(...vault.epochs.keys());
  for (let epoch = 1; epoch < oldest; epoch += 1) {
    if (await keys.has(`epoch-${epoch}.key`)) await keys.destroyEpoch(epoch);
    vault.dropEpoch(epoch);
  }
}
