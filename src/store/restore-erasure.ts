import type { PersonId } from '../core/brand.ts';
import type { Clock, Random } from '../core/clock.ts';
import { readDestroyed } from './destruction-log.ts';
import { type Engine, padded } from './engine.ts';
import { clearTraces } from './erasure-trace.ts';
import type { EmbeddedInstallation } from './installation.ts';
import type { KeyFolder } from './key-folder.ts';
import { readKeyRing } from './key-ring.ts';
import { commit } from './ledger.ts';
import { migrate } from './migrate.ts';
import { openOrganisation } from './organisation.ts';
import { openSqlite } from './sqlite.ts';
import { openCopy } from './sqlite-copy.ts';
import { peopleStream } from './store.ts';

const piece = 500;

/**
 * Gives the people of an older backup the keys that an erasure has wrapped anew since, and takes away the keys of
 * those who were erased. Whose key is nowhere keeps a row that does not open: the check after this says so.
 * @param path the database of the backup; closed again
 */
export async function mendKeys(
  path: string,
  { keys, databaseKey }: EmbeddedInstallation,
): Promise<void> {
  const lost = await listLost(path, keys, databaseKey);
  if (lost.length === 0) return;
  await using engine = await openSqlite({ path, key: databaseKey });
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
      await tx.deleteFrom('person_key').where('person', 'in', padded(gone)).execute();
    });
  }
}

/** The epochs of people's keys whose own keys are not here. */
async function listLost(path: string, keys: KeyFolder, databaseKey: Uint8Array): Promise<number[]> {
  const here = new Set(await keys.listEpochs());
  await using copy = openCopy(path, databaseKey);
  const rows = await copy.read.selectFrom('person_key').select('epoch').distinct().execute();
  return rows.map(({ epoch }) => epoch).filter((epoch) => !here.has(epoch));
}

/**
 * Erases in a restored database whoever was erased after the backup, with an event for each.
 * @param path the database; closed again
 * @returns how many
 */
export async function applyDestroyed({
  path,
  installation,
  clock,
  random,
}: {
  path: string;
  installation: EmbeddedInstallation;
  clock: Clock;
  random: Random;
}): Promise<number> {
  const { keys, master, older, databaseKey } = installation;
  const destroyed = await readDestroyed(keys);
  if (destroyed.size === 0) return 0;
  await using engine = await openSqlite({ path, key: databaseKey });
  const standing = await listStanding(engine, [...destroyed.keys()]);
  if (standing.length === 0) return 0;
  await migrate(engine);
  const place = { zone: 'UTC', dayFiles: false, wake: () => {} };
  const store = await openOrganisation({ engine, keys, master, older, clock, random, ...place });
  const { organisation } = store;
  await commit(store, async ({ tx, now, lock, append }) => {
    await lock([peopleStream]);
    for (const person of standing) {
      await clearTraces(store, tx, person);
      // without the key nobody can tell which attempts were theirs by their events
      await tx
        .updateTable('attempt')
        .set({ browser: '', body_digest: '' })
        .where('organisation', '=', organisation)
        .where('person', '=', person)
        .execute();
    }
    await append(
      standing.map((person) => ({
        stream: peopleStream,
        type: 'person.erased',
        occurredAt: now,
        actor: 'job',
        subject: person as PersonId,
        facts: { epoch: destroyed.get(person), restored: true },
      })),
    );
  });
  return standing.length;
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
