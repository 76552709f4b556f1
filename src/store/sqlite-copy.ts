import { Kysely, sql } from 'kysely';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';
import { sqliteTypes } from './sqlite.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { readSnapshot } from './sqlite-snapshot.ts';

const opening = (path: string, key: Uint8Array) => ({
  path,
  key: Buffer.from(key).toString('hex'),
  readonly: true,
  synchronous: 'FULL' as const,
});

/** A database file that is only looked at: nothing is written, beside it neither. */
export function openCopy(path: string, key: Uint8Array): Engine {
  const read = new Kysely<Schema>({
    dialect: sqliteDialect(new SqliteConnection(opening(path, key))),
  });
  const refuse = () => Promise.reject(new Error('this database is only looked at'));
  return {
    name: 'sqlite',
    columnTypes: sqliteTypes,
    exclusive: true,
    read,
    snapshot: (work) => readSnapshot(opening(path, key), work),
    turn: async () => {},
    write: refuse,
    insertMany: refuse,
    upsertMany: refuse,
    insertMissing: refuse,
    shared: (query) => query,
    alone: refuse,
    serverTime: async () => null,
    tune: refuse,
    isUniqueViolation: () => false,
    isDiskFull: () => false,
    isConflict: () => false,
    isAway: () => false,
    [Symbol.asyncDispose]: () => read.destroy(),
  };
}

/** What the engine finds wrong in the file itself; nothing where it is whole. */
export async function checkIntegrity({ read }: Engine): Promise<string[]> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(10)`.execute(read);
  return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}
