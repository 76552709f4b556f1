import pg from 'pg';
import type { DatabaseHost, ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';
import { type HostChoice, type HostState, NoHostReady } from './host-choice.ts';
import { explainPostgres } from './postgres-error.ts';
import { clientConfig } from './postgres-session.ts';

/** PostgreSQL 15: what is promised and tested. */
const oldestVersion = 150_000;
const answerMs = 5_000;

/**
 * Whether the server keeps what we promise.
 * @throws DatabaseError
 */
export async function checkPostgres(
  address: ServerAddress,
  choice: HostChoice<DatabaseHost>,
): Promise<void> {
  const { user, database, hosts } = address;
  let where = hosts.map(nameOf).join(', ');
  try {
    const host = await choice.choose();
    where = nameOf(host);
    const [found] = await ask<ServerFacts>(address, host, factsOfServer);
    if (!found) throw new Error('PostgreSQL tells nothing of itself');
    const problem = judge(found, { where, database, user });
    if (problem !== null) throw new DatabaseError(problem);
  } catch (error) {
    throw explainPostgres(causeOf(error), { where, user, database });
  }
}

interface ServerFacts {
  readonly version: number;
  readonly encoding: string;
  readonly allowed: boolean;
  readonly fsync: string;
}

const factsOfServer = `select current_setting('server_version_num')::int as version,
  current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
  coalesce(has_schema_privilege(current_schema(), 'create')
    and has_schema_privilege(current_schema(), 'usage'), false) as allowed`;

function judge(
  { version, encoding, allowed, fsync }: ServerFacts,
  { where, database, user }: { where: string; database: string; user: string },
): string | null {
  if (version < oldestVersion) {
    return `PostgreSQL at ${where} is older than 15 (${version}). Use 15 or newer.`;
  }
  if (encoding !== 'UTF8') {
    return `The database ${database} at ${where} is encoded as ${encoding}, not UTF8. Make another with: create database NAME encoding 'UTF8' template template0 owner ${user};`;
  }
  if (fsync !== 'on') {
    return `PostgreSQL at ${where} would lose what it confirmed when its machine stops. Set fsync=on in its configuration.`;
  }
  if (!allowed) throw Object.assign(new Error('no privilege'), { code: '42501' });
  return null;
}

/** Whether a host takes writes; its rank is its timeline, which grows with every promotion. */
export async function probePostgres(
  address: ServerAddress,
  host: DatabaseHost,
): Promise<HostState> {
  try {
    const [found] = await ask<{ standby: boolean; timeline: number | null }>(
      address,
      host,
      `select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then null
        else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end as timeline`,
    );
    if (found?.timeline == null) {
      return { kind: 'not-ready', why: `${nameOf(host)} is a standby` };
    }
    return { kind: 'good', rank: found.timeline };
  } catch (error) {
    return { kind: 'unreachable', error: error as Error };
  }
}

const nameOf = ({ host, port }: DatabaseHost): string => `${host}:${port}`;

async function ask<Row extends pg.QueryResultRow>(
  address: ServerAddress,
  host: DatabaseHost,
  text: string,
): Promise<Row[]> {
  const client = new pg.Client(clientConfig(address, host, answerMs));
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    // a goodbye may never be answered
    void client.end().catch(() => {});
  }
}

/** The first thing that can be said in words about hosts of which none is ready. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof NoHostReady)) return error;
  const found = error.states.find((state) => state.kind === 'unreachable');
  if (found?.kind === 'unreachable') return found.error;
  return new DatabaseError(`No host of the database takes writes: ${error.message}.`);
}
