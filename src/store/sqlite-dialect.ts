import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { TransactionOver } from './engine.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** Lends the one connection to everybody: transactions and their order are the engine's own business. */
class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;
  readonly #lent: DatabaseConnection;

  constructor(connection: SqliteConnection, isOver: () => boolean) {
    this.#connection = connection;
    this.#lent = {
      executeQuery: (query) =>
        isOver() ? Promise.reject(new TransactionOver()) : connection.executeQuery(query),
      streamQuery: (query) => connection.streamQuery(query),
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#lent;
  }

  async releaseConnection(): Promise<void> {}

  beginTransaction(): Promise<void> {
    return Promise.reject(new Error('a transaction goes through Engine.write'));
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#connection.close();
  }
}

/**
 * Kysely over a connection that lives in another thread.
 * @param isOver of a transaction: from when on its statements would come into somebody else's
 */
export function sqliteDialect(connection: SqliteConnection, isOver = () => false): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(connection, isOver),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
