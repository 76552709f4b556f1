import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { openSqlite } from './sqlite.ts';
import { SqliteError } from './sqlite-connection.ts';

let folder: string;
let engine: Engine;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-sqlite-'));
  engine = await openSqlite({ path: join(folder, 'test.db'), key: new Uint8Array(32).fill(7) });
  await engine.write((tx) => sql`create table note (word text primary key)`.execute(tx));
});

afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const listWords = async () =>
  (await sql<{ word: string }>`select word from note order by word`.execute(engine.read)).rows.map(
    ({ word }) => word,
  );

describe('a transaction', () => {
  test('leaves nothing where one statement fails, and the next one works', async () => {
    const spoiled = engine.write(async (tx) => {
      await sql`insert into note values ('one')`.execute(tx);
      await sql`insert into note values ('one')`.execute(tx);
    });
    await expect(spoiled).rejects.toSatisfy(engine.isUniqueViolation);
    expect(await listWords()).toEqual([]);
    await engine.write((tx) => sql`insert into note values ('two')`.execute(tx));
    expect(await listWords()).toEqual(['two']);
  });

  test('tells the reason to everything that was sent after the failure', async () => {
    const failures: unknown[] = [];
    const spoiled = engine.write(async (tx) => {
      const sent = [
        sql`insert into note values ('one')`,
        sql`insert into note values ('one')`,
        sql`insert into note values ('two')`,
        sql`select word from note`,
      ].map((statement) => statement.execute(tx));
      for (const result of await Promise.allSettled(sent)) {
        if (result.status === 'rejected') failures.push(result.reason);
      }
    });
    await expect(spoiled, 'it cannot commit').rejects.toSatisfy(engine.isUniqueViolation);
    expect(failures).toHaveLength(3);
    for (const failure of failures) expect(failure).toSatisfy(engine.isUniqueViolation);
    expect(await listWords()).toEqual([]);
  });
});

describe('isDiskFull', () => {
  test.each([
    ['SQLITE_FULL', true],
    ['SQLITE_IOERR_WRITE', true],
    ['SQLITE_IOERR_SHMSIZE', true],
    ['SQLITE_IOERR_READ', false],
    ['SQLITE_BUSY', false],
  ])('takes %s for %s', (code, isFull) => {
    expect(engine.isDiskFull(new SqliteError(code, 'no'))).toBe(isFull);
    expect(engine.isDiskFull(Object.assign(new Error('no'), { code }))).toBe(false);
  });
});
