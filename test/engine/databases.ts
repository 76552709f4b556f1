// The database servers of one run of tests: found, or started, once.
import { findMariadb } from './mariadb.ts';
import { findPostgres } from './postgres.ts';
import type { FoundServer } from './process.ts';

/** Addresses of the servers' own databases; null where there is no such server. */
export interface ServerUrls {
  readonly postgres: string | null;
  readonly mariadb: string | null;
}

export interface RunDatabases extends AsyncDisposable {
  readonly urls: ServerUrls;
  /** What is not tested for want of a server, one sentence each. */
  readonly missing: readonly string[];
}

const howTo = {
  PostgreSQL:
    'PostgreSQL was not tested: name a server with MUSTER_TEST_POSTGRES=postgres://USER:PASSWORD@HOST/DATABASE.',
  MariaDB:
    'MariaDB was not tested: install mariadb-server, or name one with MUSTER_TEST_MARIADB=mysql://USER:PASSWORD@HOST/mysql.',
};

/** Children of this process find what was found here, by the same environment. */
export async function openDatabases(): Promise<RunDatabases> {
  const { env } = process;
  const [postgres, mariadb] = await Promise.allSettled([
    findPostgres(env.MUSTER_TEST_POSTGRES),
    findMariadb(env.MUSTER_TEST_MARIADB),
  ]);
  const found: FoundServer[] = [];
  const missing: string[] = [];
  const urlOf = (result: PromiseSettledResult<FoundServer | null>, name: keyof typeof howTo) => {
    if (result.status === 'fulfilled' && result.value) {
      found.push(result.value);
      return result.value.url;
    }
    missing.push(result.status === 'rejected' ? `${howTo[name]} (${result.reason})` : howTo[name]);
    return null;
  };
  const urls = { postgres: urlOf(postgres, 'PostgreSQL'), mariadb: urlOf(mariadb, 'MariaDB') };
  if (urls.postgres) env.MUSTER_TEST_POSTGRES = urls.postgres;
  if (urls.mariadb) env.MUSTER_TEST_MARIADB = urls.mariadb;
  return {
    urls,
    missing,
    async [Symbol.asyncDispose]() {
      await Promise.all(found.map((server) => server.stop()));
    },
  };
}
