// The database servers of one run of tests: found, or started, once.
import { findMariadb } from './mariadb.ts';
import { findPostgres } from './postgres.ts';
import type { FoundServer } from './process.ts';

export interface RunDatabases extends AsyncDisposable {
  /** Where each comes from, one line each. */
  readonly found: readonly string[];
  /** What is not tested for want of a server, one sentence each. */
  readonly missing: readonly string[];
}

const howTo = {
  PostgreSQL:
    'PostgreSQL was not tested: name a server with MUSTER_TEST_POSTGRES=postgres://USER:PASSWORD@HOST/DATABASE.',
  MariaDB:
    'MariaDB was not tested: install mariadb-server, or name one with MUSTER_TEST_MARIADB=mysql://USER:PASSWORD@HOST/mysql.',
};

/** What is found goes into the environment: there the tests find it, and the children of this process. */
export async function openDatabases(): Promise<RunDatabases> {
  const { env } = process;
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
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
