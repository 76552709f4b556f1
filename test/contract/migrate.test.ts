// Several processes and one schema.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { DatabaseAddress } from '../../src/store/database-address.ts';
import type { Engine, Tx } from '../../src/store/engine.ts';
import { migrate, NewerDatabase } from '../../src/store/migrate.ts';
import { newestVersion } from '../../src/store/migrations/map.ts';
import { engineNames, freshDatabase, serverNames } from '../engines.ts';
import { times } from '../jar.ts';
import { openEngine, openFresh } from './open-engine.ts';

/** A process that is ready to migrate. */
async function startChild(address: DatabaseAddress, statements?: number): Promise<ChildProcess> {
  const args = [JSON.stringify(address), ...(statements === undefined ? [] : [`${statements}`])];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'migrate-child.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout?.setEncoding('utf8');
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

/** Lets it begin; what it found, or null where it was killed. */
async function finish(child: ChildProcess): Promise<number | null> {
  let said = '';
  child.stdout?.on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close');
  child.stdin?.end('go\n');
  const [code] = (await ended) as [number | null];
  return code === 0 ? Number(said) : null;
}

/** Columns and indexes, as the server tells them. */
async function describeSchema({ name, read }: Engine): Promise<unknown[]> {
  const queries =
    name === 'postgres'
      ? [
          sql`select table_name, column_name, data_type, is_nullable, collation_name
            from information_schema.columns where table_schema = current_schema() order by 1, 2`,
          sql`select indexdef from pg_indexes where schemaname = current_schema() order by 1`,
        ]
      : [
          sql`select table_name, column_name, column_type, is_nullable, collation_name
            from information_schema.columns where table_schema = database() order by 1, 2`,
          sql`select table_name, index_name, seq_in_index, column_name, non_unique
            from information_schema.statistics where table_schema = database() order by 1, 2, 3`,
        ];
  return Promise.all(queries.map(async (query) => (await query.execute(read)).rows));
}

describe.each(serverNames)('the schema on %s', (name) => {
  test('is made once by six processes that start at once', async () => {
    await using database = await freshDatabase(name);
    const children = await times(6, () => startChild(database.address));
    const found = await Promise.all(children.map(finish));
    expect(found.sort()).toEqual([0, ...Array(5).fill(newestVersion)]);
    const engine = await openEngine(database.address);
    await using whole = await openFresh(name);
    expect(await describeSchema(engine)).toEqual(await describeSchema(whole.engine));
    await engine[Symbol.asyncDispose]();
  });

  test('is whole after a migration that was cut off anywhere was begun again', async () => {
    await using whole = await openFresh(name);
    const expected = await describeSchema(whole.engine);
    // PostgreSQL undoes all of it
    for (const statements of name === 'mariadb' ? [4, 11, 29] : [11]) {
      await using database = await freshDatabase(name);
      expect(await finish(await startChild(database.address, statements))).toBeNull();
      const engine = await openEngine(database.address);
      expect(await migrate(engine)).toBeLessThan(newestVersion);
      expect(await migrate(engine)).toBe(newestVersion);
      expect(await describeSchema(engine)).toEqual(expected);
      await engine[Symbol.asyncDispose]();
    }
  });
});

describe.each(engineNames)('a database on %s', (name) => {
  test('of a newer version is refused and left as it is', async () => {
    await using opened = await openFresh(name);
    const { engine } = opened;
    const set = (version: number) => (tx: Tx) =>
      sql`update muster_schema set version = ${version}`.execute(tx);
    await engine.write(set(newestVersion + 1));
    await expect(migrate(engine)).rejects.toBeInstanceOf(NewerDatabase);
    const { rows } = await sql<{ version: number }>`select version from muster_schema`.execute(
      engine.read,
    );
    expect(rows).toEqual([{ version: newestVersion + 1 }]);
  });

  test('of the newest version is left as it is', async () => {
    await using opened = await openFresh(name);
    expect(await migrate(opened.engine)).toBe(newestVersion);
  });
});
