import { readFileSync } from 'node:fs';
import { type Dialect, Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import type { DatabaseHost, ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';
import { PostgresCompiler } from './postgres-compiler.ts';
import type { Schema } from './schema.ts';

/** A stalled instance must not hold its locks for longer. */
const idleInTransactionMs = 10_000;
const lockMs = 5_000;
const connectMs = 3_000;
/** Statements with a name of their own: the server keeps their plans. Lists are padded, so there are few texts. */
const maxNamed = 400;

const int8 = 20;
const numeric = 1700;
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === int8 || oid === numeric) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/** How one connection to one host is made. */
export function clientConfig(
  { user, password, database, tls }: ServerAddress,
  { host, port }: DatabaseHost,
  timeoutMs: number,
): pg.ClientConfig {
  return {
    host,
    port,
    user,
    password,
    database,
    ssl: tls === 'off' ? false : readTls(tls.authority),
    application_name: 'muster',
    connectionTimeoutMillis: connectMs,
    // the server's limit comes first, so that its own words are heard
    query_timeout: timeoutMs + 1_000,
    statement_timeout: timeoutMs,
    lock_timeout: Math.min(lockMs, timeoutMs),
    idle_in_transaction_session_timeout: idleInTransactionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types,
  } as pg.ClientConfig;
}

function readTls(authority: string | null) {
  if (authority === null) return { rejectUnauthorized: true };
  try {
    return { rejectUnauthorized: true, ca: readFileSync(authority, 'utf8') };
  } catch (error) {
    throw new DatabaseError(
      `The authority's certificate ${authority} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
}

/** A connection that is ours until it is released. Statements are sent without waiting for those before. */
export interface Lent {
  /** Its statements as Kysely sends them. */
  readonly db: Kysely<Schema>;
  query(text: string): Promise<{ readonly command: string }>;
  release(): void;
}

/** Connections to one host. */
export class PostgresConnections {
  readonly #pool: pg.Pool;
  readonly #names = new Map<string, string>();
  readonly #clients = new WeakMap<pg.PoolClient, Kysely<Schema>>();

  constructor(address: ServerAddress, host: DatabaseHost, timeoutMs: number) {
    this.#pool = new pg.Pool({
      ...clientConfig(address, host, timeoutMs),
      max: address.pool,
      idleTimeoutMillis: 60_000,
      pipeline: true,
      onConnect: prepareSession,
    } as pg.PoolConfig);
    // a connection that breaks while nobody uses it is replaced at the next use
    this.#pool.on('error', () => {});
  }

  /** For Kysely: every statement takes any connection. */
  get dialect(): Dialect {
    return this.#dialect(async () => {
      const client = await this.#pool.connect();
      const lent = this.#lend(client);
      return { query: lent.query, release: () => client.release(lent.isBroken()) };
    });
  }

  async lend(): Promise<Lent> {
    const client = await this.#pool.connect();
    const lent = this.#lend(client);
    let db = this.#clients.get(client);
    if (!db) {
      db = new Kysely({
        dialect: this.#dialect(async () => ({ query: this.#lend(client).query, release() {} })),
      });
      this.#clients.set(client, db);
    }
    return {
      db,
      query: (text) => lent.query(text, []),
      // what broke under a statement of Kysely shows in the client too
      release: () => client.release(lent.isBroken() || !isUsable(client)),
    };
  }

  #lend(client: pg.PoolClient) {
    let broken = false;
    return {
      isBroken: () => broken,
      query: async (text: string, values: readonly unknown[]) => {
        try {
          const name = this.#nameOf(text);
          return await client.query({ ...(name ? { name } : {}), text, values: [...values] });
        } catch (error) {
          // without a severity it is not the server's answer but the connection's end
          broken ||= (error as { severity?: string }).severity === undefined;
          throw error;
        }
      },
    };
  }

  #dialect(connect: () => Promise<unknown>): Dialect {
    const pool = { options: {}, connect, end: () => this.#pool.end() };
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

  end(): Promise<void> {
    return this.#pool.end();
  }
}

const isUsable = (client: pg.PoolClient): boolean =>
  (client as unknown as { _queryable: boolean })._queryable;

/**
 * What every statement looks for has a key. Dearer rows and cheaper pages than the server reckons with by itself make
 * the planner look keys up in a table that is still small: the plan is kept, and the table grows.
 */
const planning = {
  enable_seqscan: 'off',
  cpu_tuple_cost: '0.1',
  cpu_index_tuple_cost: '0.05',
  random_page_cost: '1.1',
};

/** Durable commits, whatever the server's default is; what an administrator made stricter stays. */
async function prepareSession(client: pg.ClientBase): Promise<void> {
  // a connection that breaks in the middle of work fails its statements: nothing else is to be done
  client.on('error', () => {});
  const settings = Object.entries(planning).map(
    ([name, value]) => `set_config('${name}', '${value}', false)`,
  );
  await client.query(
    `select ${settings.join(', ')}, set_config('synchronous_commit',
      case when current_setting('synchronous_commit') in ('off', 'local') then 'on'
      else current_setting('synchronous_commit') end, false)`,
  );
}
