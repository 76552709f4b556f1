import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import type { ServerAddress } from '../src/store/database-address.ts';
import { SqliteConnection } from '../src/store/sqlite-connection.ts';
import { addressOf, type Place } from './scratch.ts';

/** The reference's one table. A batch is inserted in one durable transaction. */
export interface EntryTable {
  insert(rows: readonly (readonly unknown[])[]): Promise<void>;
  close(): Promise<void>;
}

/** As many batches as a group commit has under way. */
const connections = 2;

export async function openEntries(place: Place): Promise<EntryTable> {
  const address = addressOf(place);
  if (!address || address.engine === 'sqlite') return openSqliteEntries(place);
  return address.engine === 'postgres' ? openPostgresEntries(address) : openMariadbEntries(address);
}

async function openSqliteEntries({ folder }: Place): Promise<EntryTable> {
  const connection = new SqliteConnection({
    path: join(folder, 'reference.db'),
    key: randomBytes(32).toString('hex'),
    readonly: false,
    synchronous: 'FULL',
  });
  await connection.executeQuery(
    CompiledQuery.raw(
      'create table entry (id text primary key, number text not null, at integer not null)',
    ),
  );
  return {
    async insert(rows) {
      connection.begin();
      connection
        .executeMany('insert into entry (id, number, at) values (?, ?, ?)', rows)
        .catch(() => {});
      await connection.commit();
    },
    close: () => connection.close(),
  };
}

const loginOf = ({ hosts: [host], user, password, database }: ServerAddress) => ({
  host: host?.host as string,
  port: host?.port as number,
  user,
  password,
  database,
});

async function openPostgresEntries(address: ServerAddress): Promise<EntryTable> {
  const pool = new pg.Pool({ ...loginOf(address), max: connections });
  await pool.query(
    'create table entry (id text primary key, number text not null, at bigint not null)',
  );
  return {
    async insert(rows) {
      await pool.query({
        name: 'entry',
        text: 'insert into entry (id, number, at) select * from unnest($1::text[], $2::text[], $3::bigint[])',
        values: [0, 1, 2].map((column) => rows.map((row) => row[column])),
      });
    },
    close: () => pool.end(),
  };
}

async function openMariadbEntries(address: ServerAddress): Promise<EntryTable> {
  const pool = createPool({ ...loginOf(address), connectionLimit: connections });
  await pool.query(
    'create table entry (id varchar(100) primary key, number varchar(100) not null, at bigint not null)',
  );
  return {
    async insert(rows) {
      await pool.query('insert into entry (id, number, at) values ?', [rows]);
    },
    close: () => pool.end(),
  };
}
