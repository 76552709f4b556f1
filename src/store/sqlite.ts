import { chmod, open } from 'node:fs/promises';
import { Kysely } from 'kysely';
import { type ColumnTypes, type Engine, TransactionOver, type Tx } from './engine.ts';
import type { Schema } from './schema.ts';
import { SqliteConnection, SqliteError } from './sqlite-connection.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { readSnapshot } from './sqlite-snapshot.ts';
import { writeStatistics } from './sqlite-statistics.ts';
import { SqliteTransactions } from './sqlite-transaction.ts';

export const sqliteTypes: ColumnTypes = {
  bytes: 'blob',
  key: 'text',
  long: 'text',
  clustered: 'without rowid',
};

const quote = (name: string) => `"${name}"`;

function insertStatement(table: string, columns: readonly string[]): string {
  return `insert into ${quote(table)} (${columns.map(quote).join(', ')}) values (${columns.map(() => '?').join(', ')})`;
}

/** Only its owner reads or locks the file; the log and the index beside it get the same mode from SQLite. */
async function keepPrivate(path: string): Promise<void> {
  // what is wrong with the path is said by whoever opens the database
  const file = await open(path, 'a', 0o600).catch(() => null);
  await file?.close();
  for (const beside of ['', '-wal', '-shm']) await chmod(path + beside, 0o600).catch(() => {});
}

/**
 * The embedded engine: one file, encrypted as a whole (chacha20, raw key), write-ahead log, synchronous=FULL. One
 * thread writes, another reads; the caller's thread never waits for the disk.
 * @throws SqliteError `SQLITE_NOTADB` where the key is wrong, `SQLITE_CANTOPEN`, `SQLITE_FULL`, ...
 */
export async function openSqlite({
  path,
  key,
  synchronous = 'FULL',
}: {
  path: string;
  key: Uint8Array;
  synchronous?: 'FULL' | 'OFF';
}): Promise<Engine> {
  const hex = Buffer.from(key).toString('hex');
  await keepPrivate(path);
  const writing = new SqliteConnection({ path, key: hex, readonly: false, synchronous });
  // a first statement shows a wrong key or an unreadable file before anything else is built on it
  await writing.executeQuery({
    sql: 'select count(*) as n from sqlite_master',
    parameters: [],
  } as never);
  const transactions = new SqliteTransactions(writing);
  let reader: Kysely<Schema> | null = null;

  const over = new WeakSet<Tx>();
  const inTransaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const tx: Tx = new Kysely<Schema>({ dialect: sqliteDialect(writing, () => over.has(tx)) });
    try {
      return await work(tx);
    } finally {
      over.add(tx);
    }
  };

  const many = async (
    tx: Tx,
    table: string,
    suffix: string,
    columns: readonly string[],
    rows: readonly object[],
  ) => {
    if (over.has(tx)) throw new TransactionOver();
    await writing.executeMany(
      insertStatement(table, columns) + suffix,
      rows.map((row) => columns.map((column) => (row as Record<string, unknown>)[column])),
    );
  };

  return {
    name: 'sqlite',
    columnTypes: sqliteTypes,
    exclusive: true,
    // opened at its first use, after the migration: a connection reads the statistics when it opens
    get read() {
      reader ??= new Kysely<Schema>({
        dialect: sqliteDialect(
          new SqliteConnection({ path, key: hex, readonly: true, synchronous }),
        ),
      });
      return reader;
    },
    snapshot: (work) => readSnapshot({ path, key: hex, readonly: true, synchronous }, work),
    turn: () => transactions.turn(),
    write: (work) => transactions.run(() => inTransaction(work)),
    async insertMany(tx, table, rows) {
      if (rows.length > 0) await many(tx, table, '', Object.keys(rows[0] as object), rows);
    },
    async upsertMany(tx, table, key, rows) {
      if (rows.length === 0) return;
      const columns = Object.keys(rows[0] as object);
      const rest = columns.filter((column) => !(key as readonly string[]).includes(column));
      const set = rest.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(', ');
      await many(
        tx,
        table,
        ` on conflict (${key.map(quote).join(', ')}) do ${set ? `update set ${set}` : 'nothing'}`,
        columns,
        rows,
      );
    },
    async insertMissing(tx, table, rows) {
      if (rows.length === 0) return;
      await many(tx, table, ' on conflict do nothing', Object.keys(rows[0] as object), rows);
    },
    // nobody else writes meanwhile
    shared: (query) => query,
    // a transaction of the one file holds everybody else off by itself
    alone: (work) => work(),
    serverTime: async () => null,
    tune: writeStatistics,
    isUniqueViolation: (error) =>
      error instanceof SqliteError &&
      (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY'),
    isDiskFull: (error) =>
      error instanceof SqliteError && /^SQLITE_(FULL$|IOERR_(WRITE|SHMSIZE))/.test(error.code),
    isConflict: () => false,
    isAway: () => false,
    async [Symbol.asyncDispose]() {
      await reader?.destroy();
      await writing.close();
    },
  };
}
