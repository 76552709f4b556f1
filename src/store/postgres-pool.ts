import { type Dialect, Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import type { DatabaseHost, ServerAddress } from './database-address.ts';
import { TransactionOver } from './engine.ts';
import type { HostChoice } from './host-choice.ts';
import { PostgresCompiler } from './postgres-compiler.ts';
import { isAway, isLost } from './postgres-error.ts';
import { clientConfig, prepareSession } from './postgres-session.ts';
import type { Schema } from './schema.ts';

/** Statements with a name of their own: the server keeps their plans. Lists travel as arrays, so there are few texts. */
const maxNamed = 400;

/** A connection that is ours until it is released. Statements are sent without waiting for those before. */
export interface Lent {
  /** Its statements as Kysely sends them. */
  readonly db: Kysely<Schema>;
  query(text: string): Promise<{ readonly command: string }>;
  /** Kysely's statements are over: one that comes later would come into somebody else's transaction. */
  close(): void;
  release(): void;
}

interface Taken {
  readonly host: DatabaseHost;
  readonly client: pg.PoolClient;
}

/** Connections to the chosen host. Those to another one are used to their end and then closed. */
export class PostgresConnections {
  readonly #address: ServerAddress;
  readonly #choice: HostChoice<DatabaseHost>;
  readonly #timeoutMs: number;
  readonly #pools = new Map<DatabaseHost, pg.Pool>();
  readonly #names = new Map<string, string>();

  constructor(address: ServerAddress, choice: HostChoice<DatabaseHost>, timeoutMs: number) {
    this.#address = address;
    this.#choice = choice;
    this.#timeoutMs = timeoutMs;
  }

  /** For statements that only read: each takes any connection, and is asked once more where that was lost. */
  get reading(): Dialect {
    return this.#dialect(async () => {
      /** null where one was lost and there is no other yet. */
      let taken: Taken | null = await this.#take();
      const ask = async (text: string, values: readonly unknown[]) => {
        taken ??= await this.#take();
        return this.#query(taken, text, values);
      };
      return {
        query: async (text: string, values: readonly unknown[]) => {
          try {
            return await ask(text, values);
          } catch (error) {
            if (!isLost(error) || taken === null) throw error;
            const lost = taken;
            taken = null;
            this.#release(lost);
            return ask(text, values);
          }
        },
        release: () => {
          if (taken) this.#release(taken);
        },
      };
    });
  }

  async lend(): Promise<Lent> {
    const taken = await this.#take();
    let isOver = false;
    const query = async (text: string, values: readonly unknown[]) => {
      if (isOver) throw new TransactionOver();
      return this.#query(taken, text, values);
    };
    return {
      db: new Kysely({ dialect: this.#dialect(async () => ({ query, release() {} })) }),
      close: () => {
        isOver = true;
      },
      query: (text) => this.#query(taken, text, []),
      release: () => this.#release(taken),
    };
  }

  /** A host that fails while others are there is left for the next one at once. */
  async #take(): Promise<Taken> {
    const first = await this.#choice.choose();
    try {
      return { host: first, client: await this.#poolOf(first).connect() };
    } catch (error) {
      if (!isAway(error)) throw error;
      this.#choice.failed(first);
      const host = await this.#choice.choose();
      if (host === first) throw error;
      return { host, client: await this.#poolOf(host).connect() };
    }
  }

  #poolOf(host: DatabaseHost): pg.Pool {
    let pool = this.#pools.get(host);
    if (!pool) {
      pool = new pg.Pool({
        ...clientConfig(this.#address, host, this.#timeoutMs),
        max: this.#address.pool,
        idleTimeoutMillis: 60_000,
        pipeline: true,
        onConnect: prepareSession,
      } as pg.PoolConfig);
      // a connection that breaks while nobody uses it is replaced at the next use
      pool.on('error', () => {});
      this.#pools.set(host, pool);
    }
    return pool;
  }

  async #query({ host, client }: Taken, text: string, values: readonly unknown[]) {
    try {
      const name = this.#nameOf(text);
      return await client.query({ ...(name ? { name } : {}), text, values: [...values] });
    } catch (error) {
      if (isAway(error)) this.#choice.failed(host);
      throw error;
    }
  }

  #release({ host, client }: Taken): void {
    client.release(!isUsable(client) || !this.#choice.isCurrent(host));
  }

  #dialect(connect: () => Promise<unknown>): Dialect {
    const pool = { options: {}, connect, end: async () => {} };
    const dialect = new PostgresDialect({ pool: pool as unknown as PostgresPool });
    dialect.createQueryCompiler = () => new PostgresCompiler();
    return dialect;
  }

  #nameOf(text: string): string | undefined {
    let name = this.#names.get(text);
    if (name === undefined && this.#names.size < maxNamed) {
      name = `m${this.#names.size}`;
      this.#names.set(text, name);
    }
    return name;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }
}

/** False once the connection broke or was given up. */
const isUsable = (client: pg.PoolClient): boolean =>
  (client as unknown as { readonly _queryable: boolean })._queryable;
