import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * Transactions of one connection, one after the other. The next one may send its first statements while the commit of
 * the one before is still being written: the connection's thread runs them in order, so none sees half of another.
 */
export class SqliteTransactions {
  readonly #connection: SqliteConnection;
  #last: Promise<void> = Promise.resolve();

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Resolves when the next transaction could begin. */
  turn(): Promise<void> {
    return this.#last;
  }

  /** Resolves once the commit is durable; an exception or a failed statement undoes everything. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let release: () => void = () => {};
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    let committed: Promise<void>;
    let result: T;
    try {
      this.#connection.begin();
      try {
        result = await work();
      } catch (error) {
        await this.#connection.rollback();
        throw error;
      }
      committed = this.#connection.commit();
    } finally {
      release();
    }
    await committed;
    return result;
  }
}
