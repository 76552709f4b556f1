import { Worker } from 'node:worker_threads';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type {
  PageWanted,
  SqliteCall,
  SqliteOpening,
  SqlitePage,
  SqliteReply,
} from './sqlite-wire.ts';

/** A database error with the engine's own code, such as SQLITE_CONSTRAINT_UNIQUE. */
export class SqliteError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'SqliteError';
    this.code = code;
  }
}

/** What a thread dies of while it opens the file loses its class on the way. */
function asSqliteError(error: Error & { code?: string }): Error {
  return error.code?.startsWith('SQLITE_') ? new SqliteError(error.code, error.message) : error;
}

interface Waiting {
  resolve(reply: SqliteReply): void;
  reject(error: Error): void;
}

/** Talks to one connection's thread. Calls made in the same turn of the event loop travel in one message. */
export class SqliteConnection implements DatabaseConnection {
  readonly #worker: Worker;
  #pending: SqliteCall[] = [];
  readonly #waiting: Waiting[] = [];
  #scheduled = false;
  #lost: Error | null = null;
  /** The running transaction, or 0: every call says which one it belongs to. */
  #transaction = 0;
  #transactions = 0;

  constructor(opening: SqliteOpening) {
    this.#worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: opening,
      // rows pass through, nothing stays: a small heap is collected often and cheaply
      resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 },
    });
    this.#worker.on('message', (replies: SqliteReply[] | 'closed') => {
      if (replies === 'closed') return;
      for (const reply of replies) this.#waiting.shift()?.resolve(reply);
    });
    this.#worker.on('error', (error) => this.#fail(asSqliteError(error as Error)));
    this.#worker.on('exit', () => this.#fail(new SqliteError('CLOSED', 'the database is closed')));
  }

  #fail(error: Error): void {
    this.#lost ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#lost);
  }

  /** Begins a transaction; where that fails, all its calls and its commit fail too. */
  begin(): void {
    this.#transactions += 1;
    this.#transaction = this.#transactions;
    this.#send({ sql: 'begin immediate', params: [], many: false }).catch(() => {});
  }

  /** Commits what was sent since `begin`. Resolves when it is durable; a failure has been rolled back. */
  async commit(): Promise<void> {
    const reply = this.#send({ sql: 'commit', params: [], many: false });
    this.#transaction = 0;
    await reply;
  }

  async rollback(): Promise<void> {
    const reply = this.#send({ sql: 'rollback', params: [], many: false });
    this.#transaction = 0;
    await reply;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return this.#send({ sql, params: parameters, many: false });
  }

  /** One statement for many rows of parameters. */
  async executeMany(sql: string, rows: readonly (readonly unknown[])[]): Promise<void> {
    await this.#send({ sql, params: rows, many: true });
  }

  /** One page of rows, encoded. */
  async executePage(
    sql: string,
    params: readonly unknown[],
    page: PageWanted,
  ): Promise<SqlitePage> {
    const reply = await this.#ask({ sql, params, many: false, page });
    if (!('page' in reply)) throw new Error('the rows came back as they are');
    return reply.page;
  }

  async #send<R>(call: Omit<SqliteCall, 'transaction'>): Promise<QueryResult<R>> {
    const reply = await this.#ask(call);
    if ('rows' in reply) {
      const { columns, rows } = reply;
      return { rows: rows.map((row) => nameCells(columns, row) as R) };
    }
    if ('page' in reply) throw new Error('nobody asked for a page');
    return { rows: [], numAffectedRows: BigInt(reply.changes) };
  }

  async #ask(
    call: Omit<SqliteCall, 'transaction'>,
  ): Promise<Exclude<SqliteReply, { readonly error: unknown }>> {
    if (this.#lost) throw this.#lost;
    const reply = await new Promise<SqliteReply>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#pending.push({ ...call, transaction: this.#transaction });
      if (!this.#scheduled) {
        this.#scheduled = true;
        queueMicrotask(() => this.#flush());
      }
    });
    if ('error' in reply) throw new SqliteError(reply.error.code, reply.error.message);
    return reply;
  }

  #flush(): void {
    this.#scheduled = false;
    const calls = this.#pending;
    this.#pending = [];
    this.#worker.postMessage({ calls });
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  async close(): Promise<void> {
    if (this.#lost) return;
    const gone = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.postMessage('close');
    await gone;
  }
}

/** A loop: of everything that is read, each cell passes here. */
function nameCells(columns: readonly string[], cells: readonly unknown[]): object {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index += 1) {
    row[columns[index] as string] = cells[index];
  }
  return row;
}
