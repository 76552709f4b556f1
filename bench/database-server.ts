import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
import type { ServerAddress } from '../src/store/database-address.ts';

/** A database server as its administrator sees it, and one database of it. */
export interface DatabaseServer extends AsyncDisposable {
  /** Makes the database where it is missing. */
  create(): Promise<void>;
  drop(): Promise<void>;
  /** @throws where a commit may be lost */
  durability(): Promise<string>;
  /** Bytes of the database on disk. */
  size(): Promise<number>;
  settle(): Promise<void>;
}

export function openDatabaseServer(address: ServerAddress): Promise<DatabaseServer> {
  return address.engine === 'postgres' ? openPostgres(address) : openMariadb(address);
}

/** What keeps commits, from the server's own settings; every one of them must be as it is here. */
function describe(version: string, settings: Record<string, string>, wanted: object): string {
  for (const [name, value] of Object.entries(wanted)) {
    if (settings[name] !== value)
      throw new Error(
        `${name} is ${settings[name]} on this server, not ${value}: it may lose what it acknowledged`,
      );
  }
  const list = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${version}, ${list.join(', ')}`;
}

const login = ({ hosts: [host], user, password }: ServerAddress) => {
  if (!host) throw new Error('the address names no host');
  return { host: host.host, port: host.port, user, password };
};

async function openPostgres(address: ServerAddress): Promise<DatabaseServer> {
  const { database } = address;
  const connect = async (name: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...login(address), database: name });
    await client.connect();
    return client;
  };
  const admin = await connect('postgres');
  const inside = async (statements: readonly string[]): Promise<void> => {
    const client = await connect(database);
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    async create() {
      const found = await admin.query('select 1 from pg_database where datname = $1', [database]);
      if (found.rowCount === 0) await admin.query(`create database "${database}"`);
    },
    async drop() {
      await admin.query(`drop database if exists "${database}" with (force)`);
    },
    async durability() {
      const names = ['fsync', 'synchronous_commit', 'full_page_writes'];
      const { rows } = await admin.query<{ name: string; setting: string }>(
        'select name, setting from pg_settings where name = any($1)',
        [names],
      );
      const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
      const version = await admin.query<{ version: string }>(
        "select current_setting('server_version') as version",
      );
      return describe(`PostgreSQL ${version.rows[0]?.version.split(' ')[0]}`, settings, {
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
      });
    },
    async size() {
      await admin.query('checkpoint');
      const { rows } = await admin.query<{ bytes: string }>(
        'select pg_database_size($1) as bytes',
        [database],
      );
      return Number(rows[0]?.bytes);
    },
    settle: () => inside(['vacuum (analyze)', 'checkpoint']),
    [Symbol.asyncDispose]: () => admin.end(),
  };
}

async function openMariadb(address: ServerAddress): Promise<DatabaseServer> {
  const { database } = address;
  const admin = await createConnection({ ...login(address), database: 'mysql' });
  const rowsOf = async (sql: string): Promise<RowDataPacket[]> =>
    (await admin.query<RowDataPacket[]>(sql))[0];
  return {
    async create() {
      await admin.query(
        `create database if not exists \`${database}\` character set utf8mb4 collate utf8mb4_bin`,
      );
    },
    async drop() {
      await admin.query(`drop database if exists \`${database}\``);
    },
    async durability() {
      const names = ['innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'log_bin', 'version'];
      const rows = await rowsOf(
        `show global variables where variable_name in (${names.map((name) => `'${name}'`).join(', ')})`,
      );
      const { version, ...settings } = Object.fromEntries(
        rows.map((row) => [row.Variable_name as string, row.Value as string]),
      );
      return describe(`MariaDB ${version?.split('-')[0]}`, settings, {
        innodb_flush_log_at_trx_commit: '1',
        innodb_doublewrite: 'ON',
      });
    },
    async size() {
      const [row] = await rowsOf(
        `select sum(file_size) as bytes from information_schema.innodb_sys_tablespaces where name like '${database}/%'`,
      );
      return Number(row?.bytes);
    },
    async settle() {
      const tables = await rowsOf(
        `select table_name as name from information_schema.tables where table_schema = '${database}'`,
      );
      for (const { name } of tables) await admin.query(`analyze table \`${database}\`.\`${name}\``);
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
    },
  };
}
