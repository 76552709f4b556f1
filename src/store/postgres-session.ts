import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { DatabaseHost, ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';

/** A stalled instance must not hold its locks for longer. */
const idleInTransactionMs = 5_000;
const lockMs = 5_000;
const connectMs = 3_000;

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

/**
 * What every statement looks for has a key. Dearer rows and cheaper pages than the server reckons with by itself make
 * the planner look keys up in a table that is still small: the plan is kept, and the table grows.
 */
const planning = {
  enable_seqscan: 'off',
  cpu_tuple_cost: '0.1',
  cpu_index_tuple_cost: '0.05',
  random_page_cost: '1.1',
  // compiling takes tens of milliseconds, more than any statement does
  jit: 'off',
};

/** Durable commits, whatever the server's default is; what an administrator made stricter stays. */
export async function prepareSession(client: pg.ClientBase): Promise<void> {
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
