import type { PersonId } from '../core/brand.ts';
import { readDestroyed } from './destruction-log.ts';
import { type Engine, padded } from './engine.ts';
import { clearTraces } from './erasure-trace.ts';
import type { KeyFolder } from './key-folder.ts';
import { readKeyRing } from './key-ring.ts';
import { commit } from './ledger.ts';
import { peopleStream, type Store } from './store.ts';

const piece = 500;
/** People who are erased in one transaction. */
const peopleAtOnce = 20;

/**
 * Gives the people of an older backup the keys that an erasure has wrapped anew since, and takes away the keys of
 * those who were erased. Whose key is nowhere keeps a row that does not open: who opens the organisation is told.
 */
export async function mendKeys(engine: Engine, keys: KeyFolder): Promise<void> {
  const lost = await listLost(engine, keys);
  if (lost.length === 0) return;
  const [ring, destroyed] = await Promise.all([readKeyRing(keys), readDestroyed(keys)]);
  const rows = await engine.read
    .selectFrom('person_key')
    .select(['organisation', 'person'])
    .where('epoch', 'in', lost)
    .execute();
  for (let start = 0; start < rows.length; start += piece) {
    const some = rows.slice(start, start + piece);
    const kept = some.flatMap((row) => {
      const key = destroyed.has(row.person) ? undefined : ring.get(row.person);
      return key ? [{ ...row, ...key }] : [];
    });
    const gone = some.flatMap(({ person }) => (destroyed.has(person) ? [person] : []));
    await engine.write(async (tx) => {
      await engine.upsertMany(tx, 'person_key', ['organisation', 'person'], kept);
      if (gone.length === 0) return;
      await tx.deleteFrom('person_key').where('person', 'in', padded(gone)).execute();
    });
  }
}

/** The epochs of people's keys whose own keys are not here. */
export async function listLost({ read }: Engine, keys: KeyFolder): Promise<number[]> {
  const here = new Set(await keys.listEpochs());
  const rows = await read.selectFrom('person_key').select('epoch').distinct().execute();
  return rows.map(({ epoch }) => epoch).filter((epoch) => !here.has(epoch));
}

/**
 * Erases in restored data whoever was erased after the backup, with an event for each.
 * @returns how many
 */
export async function applyDestroyed(store: Store): Promise<number> {
  const destroyed = await readDestroyed(store.keys);
  const standing = await listStanding(store.engine, [...destroyed.keys()]);
  if (standing.length === 0) return 0;
  for (let start = 0; start < standing.length; start += peopleAtOnce) {
    await eraseAgain(store, standing.slice(start, start + peopleAtOnce), destroyed);
  }
  return standing.length;
}

function eraseAgain(
  store: Store,
  people: readonly string[],
  destroyed: ReadonlyMap<string, number>,
): Promise<unknown> {
  return commit(store, async ({ tx, now, lock, append }) => {
    await lock([peopleStream]);
    await clearTraces(store, tx, people);
    // without the key nobody can tell which attempts were theirs by their events
    await tx
      .updateTable('attempt')
      .set({ browser: '', body_digest: '' })
      .where('organisation', '=', store.organisation)
      .where('person', 'in', padded(people))
      .execute();
    await append(
      people.map((person) => ({
        stream: peopleStream,
        type: 'person.erased',
        occurredAt: now,
        actor: 'job',
        subject: person as PersonId,
        facts: { epoch: destroyed.get(person), restored: true },
      })),
    );
  });
}

/** Those of them who are in a database and not erased there. */
async function listStanding({ read }: Engine, people: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let start = 0; start < people.length; start += piece) {
    const rows = await read
      .selectFrom('person')
      .select('person')
      .where('person', 'in', padded(people.slice(start, start + piece)))
      .where('state', '!=', 'erased')
      .execute();
    found.push(...rows.map(({ person }) => person));
  }
  return found;
}
