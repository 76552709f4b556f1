// MariaDB for tests: the server that MUSTER_TEST_MARIADB names, else a local one that lets root in, else the system's
// `mariadbd` on a temporary folder.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { ServerAddress } from '../../src/store/database-address.ts';
import {
  type FoundServer,
  freePort,
  makeFolder,
  runAs,
  startGuarded,
  unprivileged,
} from './process.ts';
import { tlsOptions } from './tls.ts';

/** One connection of the server's administrator, to no database in particular. */
export async function connectMariadb({
  hosts,
  user,
  password,
  tls,
}: Pick<ServerAddress, 'hosts' | 'user' | 'password' | 'tls'>): Promise<Connection> {
  return createConnection({
    ...hosts[0],
    user,
    password,
    ...(tls === 'off' ? {} : { ssl: await tlsOptions(tls) }),
  });
}

const root = (port: number) =>
  ({ hosts: [{ host: '127.0.0.1', port }], user: 'root', password: '', tls: 'off' }) as const;
const urlOf = (port: number) => `mysql://root@127.0.0.1:${port}/mysql`;

async function answers(port: number): Promise<void> {
  const connection = await connectMariadb(root(port));
  try {
    const [rows] = await connection.query<RowDataPacket[]>('select version() as version');
    if (!String(rows[0]?.version).includes('MariaDB')) throw new Error('It is not MariaDB.');
  } finally {
    await connection.end();
  }
}

function findProgram(...names: string[]): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** A new server whose root has no password; null where the system has no `mariadbd`. */
export async function startMariadb(flags: readonly string[] = []): Promise<FoundServer | null> {
  const server = findProgram('mariadbd');
  const install = findProgram('mariadb-install-db');
  if (server === null || install === null) return null;
  const account = unprivileged(['mysql']);
  const folder = await makeFolder('mariadb', account);
  const data = join(folder, 'data');
  await runAs(account, folder, install, [
    ...['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'],
    // a server that starts removes temporary tables of others from a folder that they share
    ...['--skip-test-db', `--tmpdir=${folder}`],
  ]);
  const port = await freePort();
  const stop = await startGuarded({
    account,
    folder,
    signal: 'TERM',
    program: server,
    args: [
      ...['--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1'],
      ...[`--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`],
      `--tmpdir=${folder}`,
      ...['--max-connections=300', ...flags],
    ],
    answers: () => answers(port),
  });
  return { url: urlOf(port), source: server, stop };
}

/** The MariaDB of this run, or null. */
export async function findMariadb(named: string | undefined): Promise<FoundServer | null> {
  if (named) return { url: named, source: 'MUSTER_TEST_MARIADB', stop: async () => {} };
  const local = await answers(3306).then(
    () => true,
    () => false,
  );
  if (local) return { url: urlOf(3306), source: 'the local server', stop: async () => {} };
  return startMariadb();
}
