import type { ConnectionOptions } from 'mysql2';
import type { DatabaseHost, ServerAddress } from './database-address.ts';
import { readAuthorities } from './database-tls.ts';
import type { HostState } from './host-choice.ts';
import { MariadbConnection } from './mariadb-connection.ts';

/** `lock` holds the lock of `Engine.alone`, and may do nothing for long. */
export type Purpose = 'read' | 'write' | 'lock';

const connectMs = 3_000;
/** A stalled instance holds its locks no longer than this. */
const idleTransactionSeconds = 5;
const maxLockSeconds = 5;
/** For a table that another statement is changing. */
const tableWaitSeconds = 50;
const idleSeconds = 28_800;

const sqlMode = [
  'STRICT_ALL_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
].join(',');

/**
 * What the driver is told; the same for every host.
 * @throws DatabaseError where the authority's certificate cannot be read
 */
export async function driverOptions({
  user,
  password,
  database,
  tls,
}: ServerAddress): Promise<ConnectionOptions> {
  const ca = await readAuthorities(tls);
  return {
    user,
    password,
    database,
    ...(ca ? { ssl: { ca, verifyIdentity: true, minVersion: 'TLSv1.2' } } : {}),
    connectTimeout: connectMs,
    charset: 'UTF8MB4_BIN',
    // sums are decimals
    decimalNumbers: true,
    stringifyObjects: true,
    enableKeepAlive: true,
    keepAliveInitialDelay: 5_000,
    flags: ['-LOCAL_FILES'],
    connectAttributes: { program_name: 'muster' },
  };
}

/** Connects and makes the session what every statement relies on. */
export async function openSession(
  host: DatabaseHost,
  options: ConnectionOptions,
  purpose: Purpose,
  limitMs: number,
): Promise<MariadbConnection> {
  // in a transaction one failure fails everything, so statements may travel together
  const multipleStatements = purpose === 'write';
  const connection = await MariadbConnection.open(
    host,
    { ...options, multipleStatements },
    limitMs,
  );
  try {
    for (const statement of sessionSettings(purpose, limitMs)) {
      await connection.query(statement, [], connectMs);
    }
    if (await isClustered(connection)) {
      // reads wait for what other nodes committed before; in a transaction only its beginning waits
      await connection.query('set session wsrep_sync_wait = 1', [], connectMs);
    }
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

function sessionSettings(purpose: Purpose, limitMs: number): string[] {
  const settings: Record<string, string | number> = {
    sql_mode: `'${sqlMode}'`,
    time_zone: `'+00:00'`,
    default_storage_engine: 'InnoDB',
    // the server's limit comes first: what it gave up can be decided again at once
    innodb_lock_wait_timeout: Math.max(
      1,
      Math.min(maxLockSeconds, Math.floor(limitMs / 1_000) - 1),
    ),
    lock_wait_timeout: tableWaitSeconds,
    wait_timeout: idleSeconds,
  };
  if (purpose === 'write') {
    // after a deadlock the statements that were already sent find a transaction again, which is rolled back
    settings.autocommit = 0;
    settings.idle_transaction_timeout = idleTransactionSeconds;
    settings.idle_write_transaction_timeout = idleTransactionSeconds;
    settings.idle_readonly_transaction_timeout = idleTransactionSeconds;
  }
  // a statement that nobody waits for any more ends by itself
  if (purpose === 'read') settings.max_statement_time = Math.ceil(limitMs / 1_000) + 1;
  const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const access = purpose === 'read' ? ', read only' : '';
  return [
    `set session ${list.join(', ')}`,
    `set session transaction isolation level read committed${access}`,
  ];
}

/** Whether the server is a node of a Galera cluster. */
export async function isClustered(connection: MariadbConnection): Promise<boolean> {
  const { rows } = await connection.query(`show variables like 'wsrep_on'`, [], connectMs);
  return rows[0]?.Value === 'ON';
}

/** Looks at one host of several: whether it takes work. */
export async function probeHost(
  host: DatabaseHost,
  options: ConnectionOptions,
): Promise<HostState> {
  const where = `${host.host}:${host.port}`;
  let connection: MariadbConnection | null = null;
  try {
    connection = await MariadbConnection.open(host, options, connectMs);
    const { rows } = await connection.query('select @@global.read_only as read_only');
    if (rows[0]?.read_only !== 0) return { kind: 'not-ready', why: `${where} only reads` };
    const why = (await isClustered(connection)) ? await clusterTrouble(connection) : null;
    return why ? { kind: 'not-ready', why: `${where} ${why}` } : { kind: 'good', rank: 0 };
  } catch (error) {
    return { kind: 'unreachable', error: error as Error };
  } finally {
    await connection?.end();
  }
}

const synced = '4';

async function clusterTrouble(connection: MariadbConnection): Promise<string | null> {
  const { rows } = await connection.query(`show global status like 'wsrep_%'`);
  const status = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
  if (status.get('wsrep_ready') !== 'ON') return 'is out of its cluster';
  if (status.get('wsrep_local_state') !== synced) {
    return `is not in step with its cluster (${status.get('wsrep_local_state_comment')})`;
  }
  return null;
}
