import { join } from 'node:path';
import type { TableMetadata } from 'kysely';
import { describe, expect, test } from 'vitest';
import { migrations } from '../src/store/migrations/map.ts';
import { type OpenedStore, openStore } from '../src/store/open.ts';
import { rebuildRecords } from '../src/store/rebuild.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { FakeClock, startTestServer } from './app.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { listFixtures } from './upgrade/fixture.ts';
import { readBoards } from './upgrade/fixture-board.ts';
import {
  type AnyRow,
  openSaved,
  readTables,
  type SavedDatabase,
} from './upgrade/saved-database.ts';
import { Visitor } from './visitor.ts';

const fixtures = listFixtures();
const cases = fixtures.flatMap((fixture) =>
  engineNames.map((engine) => ({ fixture, engine, version: fixture.schema })),
);

function open({ address, folder }: Pick<SavedDatabase, 'address' | 'folder'>, now: number) {
  return openStore({
    address,
    folder: join(folder, 'data'),
    keysFor: () => join(folder, 'keys'),
    clock: new FakeClock(now),
    random: systemRandom,
    zone: 'Europe/Berlin',
  });
}

/** Rows as text in an order of their own, cut to the columns that they had. */
function written(rows: readonly AnyRow[], columns: readonly string[]): string[] {
  return rows
    .map((row) =>
      JSON.stringify(
        columns.map((column) => {
          const value = row[column];
          return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
        }),
      ),
    )
    .sort();
}

/** What a migration changes on purpose in rows that were there, with the last version that wrote it otherwise. */
const changed: Readonly<Record<string, number>> = { 'attempt.body_digest': 1 };

async function expectSameRows(
  { store }: OpenedStore,
  saved: SavedDatabase['rows'],
  version: number,
): Promise<void> {
  const found = await readTables(store.engine.read);
  for (const [table, before] of saved) {
    // one row on a server, none in a data folder
    if (table === 'installation') continue;
    const columns = Object.keys(before[0] ?? {})
      .filter((column) => (changed[`${table}.${column}`] ?? 0) < version)
      .sort();
    const after = written(found.get(table) ?? [], columns);
    expect(after, table).toEqual(written(before, columns));
  }
}

const describeTables = (tables: readonly TableMetadata[]) =>
  tables
    .map(({ name, columns }) => ({
      name,
      columns: columns
        .map(({ name: column, dataType, isNullable }) => `${column} ${dataType} ${isNullable}`)
        .sort(),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

test.each(engineNames)(
  'digests of version 1 are gone on %s: numbers could be tried against them',
  async (engine) => {
    const first = fixtures.find(({ schema }) => schema === 1) as (typeof fixtures)[number];
    await using saved = await openSaved(first, engine);
    await using opened = await open(saved, first.savedAt);
    const { read } = opened.store.engine;
    const rows = await read.selectFrom('attempt').select('body_digest').execute();
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows.map(({ body_digest }) => body_digest))).toEqual(new Set(['']));
  },
);

test('every schema version has a saved installation', () => {
  expect(fixtures.map(({ schema }) => schema)).toEqual([...migrations.keys()]);
});

describe.each(cases)(
  'a database saved at schema version $version, on $engine',
  ({ fixture, engine }) => {
    test('keeps every row, its chains and its records', async () => {
      await using saved = await openSaved(fixture, engine);
      expect(saved.rows.get('event')?.length).toBeGreaterThan(100);
      await using opened = await open(saved, fixture.savedAt);
      await expectSameRows(opened, saved.rows, fixture.schema);
      const report = await finish(verifyLedger(opened.store));
      expect(report.faults).toEqual([]);
      expect(report).toMatchObject({
        ok: true,
        events: saved.rows.get('event')?.length,
        records: saved.rows.get('record')?.length,
      });
      expect(report.payloads).toBeGreaterThan(50);
      expect(report.destroyed).toBeGreaterThan(0);
      const rebuilt = await rebuildRecords(opened.store, 'operator');
      expect(rebuilt.differences).toEqual([]);
      expect(rebuilt.records).toBe(saved.rows.get('record')?.length);
    });

    test('has the tables of a new one', async () => {
      await using saved = await openSaved(fixture, engine);
      await using fresh = await freshDatabase(engine);
      await using taken = await open(saved, fixture.savedAt);
      await using made = await open(
        { ...saved, address: fresh.address, folder: `${saved.folder}/new` },
        0,
      );
      const tablesOf = ({ store }: OpenedStore) => store.engine.read.introspection.getTables();
      expect(describeTables(await tablesOf(taken))).toEqual(describeTables(await tablesOf(made)));
    });

    test('lets its people sign in and shows the boards that it showed', async () => {
      await using saved = await openSaved(fixture, engine);
      const { address, folder } = saved;
      await using server = await startTestServer({
        folder,
        address,
        clock: new FakeClock(fixture.savedAt),
      });
      const visitor = new Visitor(server.origin);
      expect((await visitor.post('/api/sign-in', fixture.account)).status).toBe(200);
      const sessions = fixture.boards.map(({ session }) => session);
      expect(await readBoards(visitor, sessions)).toEqual(fixture.boards);
    });
  },
);
