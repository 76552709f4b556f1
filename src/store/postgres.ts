import { Kysely, sql } from 'kysely';
import pg from 'pg';
import type { ServerAddress } from './database-address.ts';
import { type ColumnTypes, type Engine, OutcomeUnknown, type Tx } from './engine.ts';
import { HostChoice } from './host-choice.ts';
import { checkPostgres, probePostgres } from './postgres-check.ts';
import { PostgresColumns } from './postgres-column.ts';
import { isAway, isConflict, isDiskFull, isUniqueViolation } from './postgres-error.ts';
import { PostgresConnections } from './postgres-pool.ts';
import { clientConfig } from './postgres-session.ts';
import { writeStatistics } from './postgres-statistics.ts';
import type { Schema } from './schema.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

const columnTypes: ColumnTypes = {
  bytes: 'bytea',
  // names and ids sort by their bytes, as on every engine
  key: 'text collate "C"',
  long: 'text',
  clustered: '',
};

/** Of the advisory lock that `alone` takes; any number that nobody else uses in this database. */
const aloneLock = 7_700_415_032;
const aloneMs = 60_000;

/**
 * A PostgreSQL server, 15 or newer. READ COMMITTED: what a transaction decides on is held by the lock of its stream.
 * @throws DatabaseError where it cannot be used, in words
 */
export async function openPostgres(
  address: ServerAddress,
  { timeoutMs = 8_000 } = {},
): Promise<Engine> {
  const choice = new HostChoice({
    hosts: address.hosts,
    probe: (host) => probePostgres(address, host),
    // of two that take writes the one with the longer past of promotions is the primary
    ranked: true,
  });
  await checkPostgres(address, choice);
  const writing = new PostgresConnections(address, choice, timeoutMs);
  // of its own, so that a transaction that waits for a read always gets one
  const readers = new PostgresConnections(address, choice, timeoutMs);
  const reader = new Kysely<Schema>({ dialect: readers.reading });
  const columns = new PostgresColumns(reader);

  return {
    name: 'postgres',
    columnTypes,
    exclusive: false,
    read: reader,
    snapshot: (work) => readSnapshot(readers, work),
    turn: async () => {},
    async write(work) {
      await columns.ready();
      return transact(writing, work);
    },
    async insertMany(tx, table, rows) {
      if (rows.length > 0) await columns.insert(tx, table, rows, '');
    },
    async insertMissing(tx, table, rows) {
      if (rows.length > 0) await columns.insert(tx, table, rows, ' on conflict do nothing');
    },
    async upsertMany(tx, table, key, rows) {
      if (rows.length === 0) return;
      const names = Object.keys(rows[0] as object);
      const set = names
        .filter((name) => !(key as readonly string[]).includes(name))
        .map((name) => `"${name}" = excluded."${name}"`);
      const named = key.map((name) => `"${name}"`).join(', ');
      await columns.insert(
        tx,
        table,
        rows,
        ` on conflict (${named}) do ${set.length > 0 ? `update set ${set.join(', ')}` : 'nothing'}`,
      );
    },
    shared: (query) => query.forShare(),
    async alone(work) {
      const client = new pg.Client({
        ...clientConfig(address, await choice.choose(), aloneMs),
        lock_timeout: aloneMs,
      } as pg.ClientConfig);
      client.on('error', () => {});
      await client.connect();
      try {
        await client.query('select pg_advisory_lock($1)', [aloneLock]);
        return await work();
      } finally {
        await client.end().catch(() => {});
      }
    },
    async serverTime() {
      const { rows } = await sql<{ now: number }>`
        select extract(epoch from clock_timestamp()) * 1000 as now`.execute(reader);
      return rows[0]?.now ?? null;
    },
    async tune(tx) {
      columns.forget();
      await writeStatistics(tx as never);
    },
    isUniqueViolation,
    isDiskFull,
    isConflict,
    isAway,
    async [Symbol.asyncDispose]() {
      choice[Symbol.dispose]();
      await Promise.all([writing.end(), readers.end()]);
    },
  };
}

/** BEGIN travels with the first statements. */
async function transact<T>(
  connections: PostgresConnections,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const lent = await connections.lend();
  try {
    const begun = lent.query('begin');
    begun.catch(() => {});
    let result: T;
    try {
      result = await work(lent.db as Tx);
      lent.close();
      await begun;
    } catch (error) {
      lent.close();
      await lent.query('rollback').catch(() => {});
      throw error;
    }
    const { command } = await lent.query('commit').catch((error: unknown) => {
      if (!isAway(error)) throw error;
      throw new OutcomeUnknown('the connection broke while a transaction was being committed', {
        cause: error,
      });
    });
    if (command !== 'COMMIT') throw new Error('a statement of the transaction failed');
    return result;
  } finally {
    lent.release();
  }
}

/** What others commit after its first statement stays out of sight. Whoever reads may write what it read to a slow disk. */
async function readSnapshot<T>(
  connections: PostgresConnections,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const lent = await connections.lend();
  try {
    await lent.query('begin isolation level repeatable read read only');
    await lent.query('set local idle_in_transaction_session_timeout = 0');
    return await work(snapshotOf(lent.db));
  } finally {
    lent.close();
    await lent.query('rollback').catch(() => {});
    lent.release();
  }
}
