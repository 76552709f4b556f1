import { Kysely } from 'kysely';
import { OutcomeUnknown, TransactionOver, type Tx } from './engine.ts';
import type { MariadbConnection } from './mariadb-connection.ts';
import { mariadbDialect } from './mariadb-dialect.ts';
import { isAway, isConflict, isDiskFull } from './mariadb-error.ts';
import type { MariadbPool } from './mariadb-pool.ts';
import type { StatementResult } from './mariadb-value.ts';
import type { Schema } from './schema.ts';

/**
 * Runs `work` in one transaction. A statement that fails fails the transaction, whether or not somebody waited for it.
 * @throws OutcomeUnknown where COMMIT was sent and not answered
 */
export async function runTransaction<T>(
  pool: MariadbPool,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const connection = await begin(pool);
  try {
    const statements = new Statements(connection);
    let result: T;
    try {
      result = await work(statements.tx);
      await statements.settle();
    } catch (error) {
      statements.close();
      await rollBack(connection);
      throw statements.causeOf(error);
    }
    await commit(connection);
    return result;
  } finally {
    pool.give(connection);
  }
}

/** A connection that lay idle may have been closed by the server meanwhile: nothing is lost yet, another is taken. */
async function begin(pool: MariadbPool): Promise<MariadbConnection> {
  for (let tries = 1; ; tries += 1) {
    const connection = await pool.take();
    try {
      await connection.query('begin');
      return connection;
    } catch (error) {
      connection.destroy();
      pool.give(connection);
      if (tries > 1 || !isAway(error)) throw error;
    }
  }
}

async function rollBack(connection: MariadbConnection): Promise<void> {
  try {
    await connection.query('rollback');
  } catch {
    // the server rolls back when the connection closes
    connection.destroy();
  }
}

async function commit(connection: MariadbConnection): Promise<void> {
  if (connection.broken) throw connection.broken;
  try {
    await connection.query('commit');
  } catch (error) {
    if (isConflict(error) || isDiskFull(error)) {
      await rollBack(connection);
      throw error;
    }
    connection.destroy();
    throw new OutcomeUnknown('the connection broke during a commit', { cause: error });
  }
}

/** The statements of one transaction. */
class Statements {
  readonly tx: Tx;
  readonly #connection: MariadbConnection;
  readonly #sent = new Set<Promise<unknown>>();
  #failure: Error | null = null;
  #closed = false;

  constructor(connection: MariadbConnection) {
    this.#connection = connection;
    this.tx = new Kysely<Schema>({
      dialect: mariadbDialect((text, values) => this.#run(text, values)),
    }) as Tx;
  }

  #run(text: string, values: readonly unknown[]): Promise<StatementResult> {
    if (this.#closed) return Promise.reject(new TransactionOver());
    if (this.#failure) return Promise.reject(this.#failure);
    const sent = this.#connection.query(text, values);
    this.#sent.add(sent);
    sent.then(
      () => this.#sent.delete(sent),
      (error: Error) => {
        this.#sent.delete(sent);
        this.#failure ??= error;
      },
    );
    return sent;
  }

  /** Resolves when every statement was answered; nothing can be sent any more. */
  async settle(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#sent);
    if (this.#failure) throw this.#failure;
  }

  close(): void {
    this.#closed = true;
  }

  /** What `work` threw, unless the database had given up already: then whatever followed came from that. */
  causeOf(error: unknown): unknown {
    const failure = this.#failure;
    return failure && (isConflict(failure) || isAway(failure)) ? failure : error;
  }
}
