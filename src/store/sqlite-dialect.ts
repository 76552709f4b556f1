import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type { SqliteConnection } from './sqlite-connection.ts';

/** One connection, lent to one borrower at a time, first come first served. */
class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;
  readonly #exclusive: boolean;
  #last: Promise<void> = Promise.resolve();
  #release: (() => void) | null = null;

  constructor(connection: SqliteConnection, exclusive: boolean) {
    this.#connection = connection;
    this.#exclusive = exclusive;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#exclusive) return this.#connection;
    const before = this.#last;
    let release: () => void = () => {};
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    this.#release = release;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    const release = this.#release;
    this.#release = null;
    release?.();
  }

  async beginTransaction(_: DatabaseConnection, __: TransactionSettings): Promise<void> {
    this.#connection.inTransaction = true;
    // not waited for: a begin that fails makes every call after it fail until the rollback
    this.#connection.executeQuery(CompiledQuery.raw('begin immediate')).catch(() => {});
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('commit'));
    this.#connection.inTransaction = false;
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('rollback'));
    this.#connection.inTransaction = false;
  }

  async destroy(): Promise<void> {
    await this.#connection.close();
  }
}

/** Kysely over a connection that lives in another thread. `exclusive` for the writer, whose transactions queue. */
export function sqliteDialect(connection: SqliteConnection, exclusive: boolean): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(connection, exclusive),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
