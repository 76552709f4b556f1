import { sql } from 'kysely';
import type { Engine, Tx } from './engine.ts';
import { migrations, newestVersion } from './migrations/map.ts';

/** The database was written by a newer Muster. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';
  constructor(found: number) {
    super(
      `The database has schema ${found}; this Muster knows ${newestVersion}. Start the newer version; nothing was changed.`,
    );
  }
}

/** The database was written by an older Muster, and whoever opens it is not to bring it up. */
export class OlderDatabase extends Error {
  override readonly name = 'OlderDatabase';
  constructor(found: number) {
    super(
      `The database was made by an older Muster (schema ${found}; this one has ${newestVersion}). Start this version on it once with muster start, which brings it up, or use the older version. Nothing was changed.`,
    );
  }
}

/**
 * Sees to it that the database has the schema that this Muster knows; changes nothing.
 * @throws NewerDatabase, OlderDatabase
 */
export async function checkSchema({ read }: Engine): Promise<void> {
  const { rows } = await sql<{ version: number }>`select version from muster_schema`.execute(read);
  const version = rows[0]?.version ?? 0;
  if (version > newestVersion) throw new NewerDatabase(version);
  if (version < newestVersion) throw new OlderDatabase(version);
}

/**
 * Brings the database to the newest schema; returns the version it had. Of several processes that start at once one
 * does it, and the others wait.
 */
export function migrate(engine: Engine): Promise<number> {
  return engine.alone(() => bringTo(engine, newestVersion));
}

/** The same up to some version, for whoever is alone with the database already. */
export async function bringTo(engine: Engine, wanted: number): Promise<number> {
  // MariaDB commits each change of a table by itself: there a version counts once all its steps are done, and steps
  // that were done before a stop are done again without harm
  const whole = engine.name !== 'mariadb';
  const found = await engine.write(async (tx) => {
    const version = await readVersion(tx);
    if (version > newestVersion) throw new NewerDatabase(version);
    if (whole) for (const step of listSteps(engine, version, wanted)) await step(tx);
    return version;
  });
  if (!whole) for (const step of listSteps(engine, found, wanted)) await engine.write(step);
  return found;
}

/** What is to be done in the order in which it is to be done. */
function listSteps(engine: Engine, found: number, wanted: number): ((tx: Tx) => Promise<void>)[] {
  if (found >= wanted) return [];
  const missing = [...migrations].filter(([version]) => version > found && version <= wanted);
  return [
    ...missing.map(([version, migration]) => async (tx: Tx) => {
      await migration.up(tx as never, engine.columnTypes);
      await sql`update muster_schema set version = ${version}`.execute(tx);
    }),
    (tx) => engine.tune(tx),
  ];
}

/** Whether the schema is the one that this Muster knows: a newer instance beside it may have moved it on. */
export async function hasNewestSchema({ read }: Engine): Promise<boolean> {
  const { rows } = await sql<{ version: number }>`select version from muster_schema`.execute(read);
  return rows[0]?.version === newestVersion;
}

async function readVersion(tx: Tx): Promise<number> {
  await sql`create table if not exists muster_schema (version integer not null primary key)`.execute(
    tx,
  );
  const { rows } = await sql<{ version: number }>`select version from muster_schema`.execute(tx);
  if (rows[0]) return rows[0].version;
  await sql`insert into muster_schema (version) values (0)`.execute(tx);
  return 0;
}
