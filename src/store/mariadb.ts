import { createHash } from 'node:crypto';
import { Kysely, sql } from 'kysely';
import type { ConnectionOptions } from 'mysql2';
import type { DatabaseHost, ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';
import type { ColumnTypes, Engine } from './engine.ts';
import { HostChoice } from './host-choice.ts';
import { checkMariadb } from './mariadb-check.ts';
import { MariadbConnection } from './mariadb-connection.ts';
import { mariadbDialect, type RunStatement } from './mariadb-dialect.ts';
import { isAway, isConflict, isDiskFull, isUniqueViolation, NoAnswer } from './mariadb-error.ts';
import { explainMariadb } from './mariadb-explain.ts';
import { MariadbPool } from './mariadb-pool.ts';
import { insertRows, keeping, replacing } from './mariadb-rows.ts';
import { driverOptions, openSession, type Purpose, probeHost } from './mariadb-session.ts';
import { runTransaction } from './mariadb-transaction.ts';
import type { StatementResult } from './mariadb-value.ts';
import type { Schema } from './schema.ts';
import { snapshotOf } from './snapshot.ts';

const binary = 'character set utf8mb4 collate utf8mb4_nopad_bin';

const columnTypes: ColumnTypes = {
  bytes: 'mediumblob',
  // four such columns fit into a key
  key: `varchar(191) ${binary}`,
  long: `mediumtext ${binary}`,
  // rows lie in the order of the primary key always
  clustered: '',
};

/** A host of the list that comes back takes over again when it has been good for so long. */
const returnAfterMs = 5_000;
const checkMs = 5_000;
/** For so long one process waits for another that does the same. */
const aloneSeconds = 60;

/**
 * A MariaDB server or Galera cluster, 10.11 or newer. READ COMMITTED, strict, durable as the server is set up. Reads
 * and transactions have connections of their own, so that a transaction that waits for a read gets it.
 * @throws DatabaseError
 */
export async function openMariadb(
  address: ServerAddress,
  { timeoutMs = 8_000 }: { timeoutMs?: number } = {},
): Promise<Engine> {
  const options = await driverOptions(address);
  const choice = new HostChoice({
    hosts: address.hosts,
    probe: (host) => probeHost(host, options),
    returnAfterMs,
  });
  const connect = (purpose: Purpose) =>
    connectToChosen(choice, (host) => openSession(host, options, purpose, timeoutMs));
  const pool = (purpose: Purpose) =>
    new MariadbPool({
      connect: () => connect(purpose),
      isCurrent: ({ host }) => choice.isCurrent(host),
      onFailure: ({ host }) => choice.failed(host),
      size: address.pool,
      waitMs: timeoutMs,
    });
  await checkServer(address, choice, options);
  const writing = pool('write');
  const reading = pool('read');
  const ask = (text: string, values: readonly unknown[] = []) => askOnce(reading, text, values);
  const read = new Kysely<Schema>({ dialect: mariadbDialect(ask) });

  return {
    name: 'mariadb',
    columnTypes,
    exclusive: false,
    read,
    async snapshot(work) {
      const connection = await connect('read');
      const run: RunStatement = (text, values) => connection.query(text, values);
      try {
        await connection.query(
          'set session transaction isolation level repeatable read, read only',
        );
        await connection.query('start transaction with consistent snapshot, read only');
        return await work(snapshotOf(new Kysely<Schema>({ dialect: mariadbDialect(run) })));
      } finally {
        await connection.end();
      }
    },
    turn: () => writing.turn(),
    write: (work) => runTransaction(writing, work),
    insertMany: (tx, table, rows) => insertRows(tx, table, rows),
    upsertMany: (tx, table, key, rows) => insertRows(tx, table, rows, replacing(table, key, rows)),
    insertMissing: (tx, table, rows) => insertRows(tx, table, rows, keeping(rows)),
    shared: (query) => query.modifyEnd(sql`lock in share mode`),
    async alone(work) {
      const connection = await connect('lock');
      try {
        const name = lockName(address.database);
        const { rows } = await connection.query(
          'select get_lock(?, ?) as got',
          [name, aloneSeconds],
          (aloneSeconds + 5) * 1_000,
        );
        if (rows[0]?.got !== 1) {
          throw new DatabaseError(
            `Another Muster has been changing the database ${address.database} for more than ${aloneSeconds} seconds. Start again when it is done; nothing was changed.`,
          );
        }
        return await work();
      } finally {
        await connection.end();
      }
    },
    async serverTime() {
      const { rows } = await ask('select unix_timestamp(sysdate(6)) * 1000 as now');
      return Number(rows[0]?.now);
    },
    tune: async () => {},
    isUniqueViolation,
    isDiskFull,
    isConflict,
    isAway,
    async [Symbol.asyncDispose]() {
      choice[Symbol.dispose]();
      await Promise.all([writing.end(), reading.end()]);
    },
  };
}

/** A host that fails while others are there is left for the next one at once. */
async function connectToChosen(
  choice: HostChoice<DatabaseHost>,
  open: (host: DatabaseHost) => Promise<MariadbConnection>,
): Promise<MariadbConnection> {
  const first = await choice.choose();
  try {
    return await open(first);
  } catch (error) {
    choice.failed(first);
    const next = await choice.choose();
    if (next === first) throw error;
    return open(next);
  }
}

/** A read that lost its connection on the way is asked once more, on another one. */
async function askOnce(
  pool: MariadbPool,
  text: string,
  values: readonly unknown[],
): Promise<StatementResult> {
  for (let tries = 1; ; tries += 1) {
    const connection = await pool.take();
    try {
      return await connection.query(text, values);
    } catch (error) {
      if (tries > 1 || !isAway(error) || error instanceof NoAnswer) throw error;
    } finally {
      pool.give(connection);
    }
  }
}

/** @throws DatabaseError where the server that was chosen, or every one of the list, cannot be used */
async function checkServer(
  { hosts, user, database }: ServerAddress,
  choice: HostChoice<DatabaseHost>,
  options: ConnectionOptions,
): Promise<void> {
  const name = ({ host, port }: DatabaseHost) => `${host}:${port}`;
  let where = hosts.map(name).join(', ');
  let connection: MariadbConnection | null = null;
  try {
    const host = await choice.choose();
    where = name(host);
    connection = await MariadbConnection.open(host, options, checkMs);
    await checkMariadb(connection, { user, database, where });
  } catch (error) {
    throw explainMariadb(error, { user, database, where });
  } finally {
    await connection?.end();
  }
}

/** Names of locks hold for the whole server and are short. */
const lockName = (database: string): string =>
  `muster/${createHash('sha256').update(database).digest('hex').slice(0, 40)}`;
