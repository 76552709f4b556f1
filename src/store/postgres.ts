import { Kysely, sql } from 'kysely';
import pg from 'pg';
import type { ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';
import { type ColumnTypes, type Engine, OutcomeUnknown, type Tx } from './engine.ts';
import { PostgresColumns } from './postgres-column.ts';
import {
  explainPostgres,
  isAway,
  isConflict,
  isDiskFull,
  isUniqueViolation,
} from './postgres-error.ts';
import { clientConfig, PostgresConnections } from './postgres-pool.ts';
import { writeStatistics } from './postgres-statistics.ts';
import type { Schema } from './schema.ts';

const columnTypes: ColumnTypes = {
  bytes: 'bytea',
  // names and ids sort by their bytes, as on every engine
  key: 'text collate "C"',
  long: 'text',
  clustered: '',
};

/** PostgreSQL 15: what is promised and tested. */
const oldestVersion = 150_000;
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
  const host = address.hosts[0];
  if (!host) throw new Error('a server address without a host');
  const where = `${host.host}:${host.port}`;
  await checkServer(address, where);
  const writing = new PostgresConnections(address, host, timeoutMs);
  // of its own, so that a transaction that waits for a read always gets one
  const reading = new PostgresConnections(address, host, timeoutMs);
  const reader = new Kysely<Schema>({ dialect: reading.dialect });
  const columns = new PostgresColumns(reader);

  return {
    name: 'postgres',
    columnTypes,
    exclusive: false,
    read: reader,
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
    async alone(work) {
      const client = new pg.Client({
        ...clientConfig(address, host, aloneMs),
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
    tune: (tx) => writeStatistics(tx as never),
    isUniqueViolation,
    isDiskFull,
    isConflict,
    isAway,
    async [Symbol.asyncDispose]() {
      await Promise.all([writing.end(), reading.end()]);
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
      await begun;
    } catch (error) {
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

async function checkServer(address: ServerAddress, where: string): Promise<void> {
  const { user, database, hosts } = address;
  const client = new pg.Client(clientConfig(address, hosts[0] as never, 5_000));
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{
      version: number;
      encoding: string;
      allowed: boolean;
    }>(`select current_setting('server_version_num')::int as version,
      current_setting('server_encoding') as encoding,
      coalesce(has_schema_privilege(current_schema(), 'create, usage'), false) as allowed`);
    const found = rows[0];
    if (!found || found.version < oldestVersion) {
      throw new DatabaseError(
        `PostgreSQL at ${where} is older than 15 (${found?.version ?? 'unknown'}). Use 15 or newer.`,
      );
    }
    if (found.encoding !== 'UTF8') {
      throw new DatabaseError(
        `The database ${database} at ${where} is encoded as ${found.encoding}, not UTF8. Make another with: create database NAME encoding 'UTF8' template template0 owner ${user};`,
      );
    }
    if (!found.allowed) throw Object.assign(new Error('no privilege'), { code: '42501' });
  } catch (error) {
    throw explainPostgres(error, { where, user, database });
  } finally {
    await client.end().catch(() => {});
  }
}
