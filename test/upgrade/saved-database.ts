// A saved installation as a database of the engine under test: as it was written, or, on a server, as the version
// that saved it would have made it there.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { openServer } from '../../src/store/database.ts';
import type { DatabaseAddress } from '../../src/store/database-address.ts';
import type { Engine, EngineName, Tx } from '../../src/store/engine.ts';
import {
  databaseName,
  type InstallationFile,
  installationName,
  openInstallation,
} from '../../src/store/installation.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/map.ts';
import type { Schema } from '../../src/store/schema.ts';
import { openCopy } from '../../src/store/sqlite-copy.ts';
import { freshDatabase } from '../engines.ts';
import type { Fixture } from './fixture.ts';

export type AnyRow = Readonly<Record<string, unknown>>;
type AnyDatabase = Kysely<Record<string, AnyRow>>;

export interface SavedDatabase extends AsyncDisposable {
  readonly address: DatabaseAddress;
  /** Holds `data`, where the engine is SQLite, and `keys`. */
  readonly folder: string;
  /** Every row of every table as it was saved. */
  readonly rows: ReadonlyMap<string, readonly AnyRow[]>;
}

/** A copy of the fixture: what it holds is read before anything migrates. */
export async function openSaved(
  fixture: Fixture & { readonly folder: string },
  engine: EngineName,
): Promise<SavedDatabase> {
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'muster-upgrade-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  await cp(fixture.folder, folder, { recursive: true });
  const data = join(folder, 'data');
  const { databaseKey } = await openInstallation(data, () => join(folder, 'keys'));
  const rows = await readRows(join(data, databaseName), databaseKey);
  let address: DatabaseAddress = { engine: 'sqlite', folder: data };
  if (engine !== 'sqlite') {
    address = parts.use(await freshDatabase(engine)).address;
    await rebuild(address, fixture.schema, rows, data);
  }
  const all = parts.move();
  return { address, folder, rows, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function readRows(path: string, key: Uint8Array): Promise<Map<string, AnyRow[]>> {
  await using engine = openCopy(path, key);
  return await readTables(engine.read);
}

/** All rows of all tables but the one that tells the version. */
export async function readTables(db: Kysely<Schema>): Promise<Map<string, AnyRow[]>> {
  const tables = new Map<string, AnyRow[]>();
  for (const { name } of await db.introspection.getTables()) {
    if (name === 'muster_schema') continue;
    const rows = await (db as unknown as AnyDatabase).selectFrom(name).selectAll().execute();
    tables.set(name, rows);
  }
  return tables;
}

/** Makes the database as the version of the fixture would have: its migrations, its rows, who it belongs to. */
async function rebuild(
  address: DatabaseAddress,
  schema: number,
  rows: ReadonlyMap<string, readonly AnyRow[]>,
  data: string,
): Promise<void> {
  if (address.engine === 'sqlite') throw new Error('only for servers');
  await using engine = await openServer(address);
  for (const [version, migration] of migrations) {
    if (version > schema) continue;
    await engine.write((tx) => migration.up(tx as never, engine.columnTypes));
  }
  await engine.write(async (tx) => {
    const made = tx.schema.createTable('muster_schema');
    await made.addColumn('version', 'integer', (column) => column.notNull().primaryKey()).execute();
    await (tx as unknown as AnyDatabase)
      .insertInto('muster_schema')
      .values({ version: schema })
      .execute();
    for (const [table, list] of rows) await insert(engine, tx, table, list);
  });
  // version 1 never ran on a server: such a database gets its mark together with the table for it
  if (schema === 1) await migrate(engine);
  const text = await readFile(join(data, installationName), 'utf8');
  const { installation, keyCheck } = JSON.parse(text) as InstallationFile;
  const row = { installation, key_check: keyCheck, made_at: 0 };
  await engine.write((tx) => engine.insertMany(tx, 'installation', [row]));
}

const insert = (engine: Engine, tx: Tx, table: string, rows: readonly AnyRow[]) =>
  engine.insertMany(tx, table as keyof Schema, rows as never[]);
