// What a test does to the connections of a database server behind the engine's back.
import type { RowDataPacket } from 'mysql2/promise';
import type { ServerAddress } from '../../src/store/database-address.ts';
import { connectMariadb } from '../engine/mariadb.ts';
import { connectPostgres } from '../engine/postgres.ts';
import { serverAddress } from '../engines.ts';

/** The administrator's view of one database's connections. */
export interface ServerSessions extends AsyncDisposable {
  /** Ids of the connections to this database, other than this one. */
  list(): Promise<number[]>;
  kill(ids: readonly number[]): Promise<void>;
}

export async function watchSessions({ engine, database }: ServerAddress): Promise<ServerSessions> {
  const server = serverAddress(engine);
  if (engine === 'postgres') {
    const client = await connectPostgres(server);
    return {
      async list() {
        const { rows } = await client.query<{ pid: number }>(
          `select pid from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
          [database],
        );
        return rows.map(({ pid }) => pid);
      },
      async kill(ids) {
        await client.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [ids]);
      },
      [Symbol.asyncDispose]: () => client.end(),
    };
  }
  const connection = await connectMariadb(server);
  return {
    async list() {
      const [rows] = await connection.query<RowDataPacket[]>(
        'select id from information_schema.processlist where db = ?',
        [database],
      );
      return rows.map((row) => Number(row.id));
    },
    async kill(ids) {
      // one may have ended by itself meanwhile
      for (const id of ids) await connection.query(`kill connection ${id}`).catch(() => {});
    },
    [Symbol.asyncDispose]: () => connection.end(),
  };
}
