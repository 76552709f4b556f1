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

/** Brings the database to the newest schema, all versions in one transaction; returns the version it had. */
export function migrate(engine: Engine): Promise<number> {
  return engine.write(async (tx) => {
    const found = await schemaVersion(tx);
    if (found > newestVersion) throw new NewerDatabase(found);
    for (const [version, migration] of migrations) {
      if (version <= found) continue;
      await migration.up(tx as never, engine.columnTypes);
      await sql`update muster_schema set version = ${version}`.execute(tx);
    }
    if (found < newestVersion) await engine.tune(tx);
    return found;
  });
}

async function schemaVersion(tx: Tx): Promise<number> {
  await sql`create table if not exists muster_schema (version integer not null)`.execute(tx);
  const { rows } = await sql<{ version: number }>`select version from muster_schema`.execute(tx);
  if (rows[0]) return rows[0].version;
  await sql`insert into muster_schema (version) values (0)`.execute(tx);
  return 0;
}
