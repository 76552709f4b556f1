import { createHash } from 'node:crypto';
import { Kysely } from 'kysely';
import type { ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';
import type { ColumnTypes, Engine } from './engine.ts';
import { mariadbDialect } from './mariadb-dialect.ts';
import { isAway, isConflict, isDiskFull, isUniqueViolation } from './mariadb-error.ts';
import { MariadbPool } from './mariadb-pool.ts';
import { insertRows, keeping, replacing } from './mariadb-rows.ts';
import { driverOptions, openSession, type Purpose } from './mariadb-session.ts';
import { runTransaction } from './mariadb-transaction.ts';
import type { Schema } from './schema.ts';

const binary = 'character set utf8mb4 collate utf8mb4_nopad_bin';

const columnTypes: ColumnTypes = {
  bytes: 'mediumblob',
  // four such columns fit into a key
  key: `varchar(191) ${binary}`,
  long: `mediumtext ${binary}`,
  // rows lie in the order of the primary key always
  clustered: '',
};

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
  const options = driverOptions(address, undefined);
  const host = address.hosts[0];
  if (!host) throw new DatabaseError('The address of the database names no host.');
  const connect = (purpose: Purpose) => openSession(host, options, purpose, timeoutMs);
  const pool = (purpose: Purpose) =>
    new MariadbPool({ connect: () => connect(purpose), size: address.pool, waitMs: timeoutMs });
  const writing = pool('write');
  const reading = pool('read');
  const read = new Kysely<Schema>({
    dialect: mariadbDialect(async (text, values) => {
      const connection = await reading.take();
      try {
        return await connection.query(text, values);
      } finally {
        reading.give(connection);
      }
    }),
  });

  return {
    name: 'mariadb',
    columnTypes,
    exclusive: false,
    read,
    turn: () => writing.turn(),
    write: (work) => runTransaction(writing, work),
    insertMany: (tx, table, rows) => insertRows(tx, table, rows),
    upsertMany: (tx, table, key, rows) => insertRows(tx, table, rows, replacing(key, rows)),
    insertMissing: (tx, table, rows) => insertRows(tx, table, rows, keeping(rows)),
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
      const connection = await reading.take();
      try {
        const { rows } = await connection.query('select unix_timestamp(sysdate(6)) * 1000 as now');
        return Number(rows[0]?.now);
      } finally {
        reading.give(connection);
      }
    },
    tune: async () => {},
    isUniqueViolation,
    isDiskFull,
    isConflict,
    isAway,
    async [Symbol.asyncDispose]() {
      await Promise.all([writing.end(), reading.end()]);
    },
  };
}

/** Names of locks hold for the whole server and are short. */
const lockName = (database: string): string =>
  `muster/${createHash('sha256').update(database).digest('hex').slice(0, 40)}`;
