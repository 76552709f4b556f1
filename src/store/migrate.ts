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

/**
 * Brings the database to the newest schema; returns the version it had. Of several processes that start at once one
 * does it, and the others wait.
 */
export function migrate(engine: Engine): Promise<number> {
  // MariaDB commits each change of a table by itself: there a version counts once all its steps are done, and steps
  // that were done before a stop are done again without harm
  const whole = engine.name !== 'mariadb';
  return engine.alone(async () => {
    const found = await engine.write(async (tx) => {
      const version = await readVersion(tx);
      if (version > newestVersion) throw new NewerDatabase(version);
      if (whole) for (const step of stepsFrom(engine, version)) await step(tx);
      return version;
    });
    if (!whole) for (const step of stepsFrom(engine, found)) await engine.write(step);
    return found;
  });
}

/** What is to be done in the order in which it is to be done. */
function stepsFrom(engine: Engine, found: number): ((tx: Tx) => Promise<void>)[] {
  if (found === newestVersion) return [];
  const missing = [...migrations].filter(([version]) => version > found);
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
