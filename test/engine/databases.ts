// The database servers of one run of tests: found, or started, once.
import { randomBytes } from 'node:crypto';
import { readDatabaseAddress, type ServerAddress } from '../../src/store/database-address.ts';
import { administer } from './administer.ts';
import { findMariadb } from './mariadb.ts';
import { findPostgres } from './postgres.ts';
import type { FoundServer } from './process.ts';

export interface RunDatabases extends AsyncDisposable {
  /** Where each comes from, one line each. */
  readonly found: readonly string[];
  /** What is not tested for want of a server, one sentence each. */
  readonly missing: readonly string[];
}

/** What the names of this run's databases begin with. */
export const databasePrefix = (): string => `muster_test_${process.env.MUSTER_TEST_RUN ?? 'x'}_`;

const howTo = {
  PostgreSQL:
    'PostgreSQL was not tested: name a server with MUSTER_TEST_POSTGRES=postgres://USER:PASSWORD@HOST/DATABASE.',
  MariaDB:
    'MariaDB was not tested: install mariadb-server, or name one with MUSTER_TEST_MARIADB=mysql://USER:PASSWORD@HOST/mysql.',
};

/** What is found goes into the environment: there the tests find it, and the children of this process. */
export async function openDatabases(): Promise<RunDatabases> {
  const { env } = process;
  const isOutermost = env.MUSTER_TEST_RUN === undefined;
  env.MUSTER_TEST_RUN ??= randomBytes(3).toString('hex');
  const [postgres, mariadb] = await Promise.allSettled([
    findPostgres(env.MUSTER_TEST_POSTGRES),
    findMariadb(env.MUSTER_TEST_MARIADB),
  ]);
  const servers: FoundServer[] = [];
  const found: string[] = [];
  const missing: string[] = [];
  const urlOf = (result: PromiseSettledResult<FoundServer | null>, name: keyof typeof howTo) => {
    if (result.status === 'fulfilled' && result.value) {
      servers.push(result.value);
      found.push(`${name}: ${result.value.source}`);
      return result.value.url;
    }
    missing.push(result.status === 'rejected' ? `${howTo[name]} (${result.reason})` : howTo[name]);
    return null;
  };
  const urls = {
    MUSTER_TEST_POSTGRES: urlOf(postgres, 'PostgreSQL'),
    MUSTER_TEST_MARIADB: urlOf(mariadb, 'MariaDB'),
  };
  for (const [name, url] of Object.entries(urls)) if (url !== null) env[name] = url;
  return {
    found,
    missing,
    async [Symbol.asyncDispose]() {
      if (isOutermost) for (const { url } of servers) await dropDatabases(url);
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** What tests that were broken off have left, and databases that were kept to be used again. */
async function dropDatabases(url: string): Promise<void> {
  const address = readDatabaseAddress(url) as ServerAddress;
  const list =
    address.engine === 'postgres'
      ? 'select datname as name from pg_database'
      : 'select schema_name as name from information_schema.schemata';
  const names = (await administer(address, [list])).map(({ name }) => String(name));
  const force = address.engine === 'postgres' ? ' with (force)' : '';
  await administer(
    address,
    names
      .filter((name) => name.startsWith(databasePrefix()))
      .map((name) => `drop database if exists ${name}${force}`),
  );
}
