// What somebody gets who takes a database away: every row as text, what the engine's own program dumps, and the files
// in which it keeps the tables, as far as this machine can read them.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RowDataPacket } from 'mysql2/promise';
import type { DatabaseAddress, ServerAddress } from '../../src/store/database-address.ts';
import type { Store } from '../../src/store/store.ts';
import { connectMariadb } from '../engine/mariadb.ts';
import { connectPostgres } from '../engine/postgres.ts';
import { readTables } from '../upgrade/saved-database.ts';

/** Every row of every table, as a dump writes it. Where the file is encrypted as a whole, this is what lies inside. */
export async function dumpRows({ engine }: Store): Promise<Buffer> {
  const lines: string[] = [];
  for (const [table, rows] of await readTables(engine.read)) {
    for (const row of rows) {
      const cells = Object.entries(row).map(([column, value]) => `${column}=${asSql(value)}`);
      lines.push(`${table}: ${cells.join(', ')}\n`);
    }
  }
  // bytes of sealed values once more as they are: what is text in them shows
  const raw = [...(await readTables(engine.read)).values()]
    .flat()
    .flatMap((row) => Object.values(row).filter((value) => value instanceof Uint8Array));
  return Buffer.concat([Buffer.from(lines.join('')), ...raw]);
}

const asSql = (value: unknown): string =>
  value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : String(value);

/** What lies on the disk; for a server only where it runs on this machine and its files can be read. */
export async function dumpFiles(address: DatabaseAddress): Promise<Buffer | null> {
  if (address.engine === 'sqlite') return readFolder(address.folder ?? '');
  try {
    return address.engine === 'postgres'
      ? await readPostgresFiles(address)
      : await readMariadbFiles(address);
  } catch (error) {
    if (['EACCES', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Every file of a folder, one after the other. */
export const readFolder = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  );

async function readPostgresFiles(address: ServerAddress): Promise<Buffer> {
  const client = await connectPostgres(address);
  try {
    await client.query('checkpoint');
    const { rows } = await client.query<{ path: string }>(
      `select current_setting('data_directory') || '/' || pg_relation_filepath(c.oid) as path
       from pg_class c where relfilenode <> 0 and c.oid >= 16384`,
    );
    return Buffer.concat(rows.map(({ path }) => readFileSync(path)));
  } finally {
    await client.end();
  }
}

async function readMariadbFiles(address: ServerAddress): Promise<Buffer> {
  const connection = await connectMariadb(address);
  try {
    await connection.query(`use ${address.database}`);
    const [tables] = await connection.query<RowDataPacket[]>(
      'select table_name as name from information_schema.tables where table_schema = database()',
    );
    const [[place]] = await connection.query<RowDataPacket[]>('select @@datadir as folder');
    // writes the pages that are still in memory, and holds the files still
    const names = tables.map(({ name }) => `\`${name}\``).join(', ');
    await connection.query(`flush tables ${names} for export`);
    return readFolder(join(String(place?.folder), address.database));
  } finally {
    await connection.end();
  }
}

/** What the server's own program writes; null where this machine has none that fits. */
export function dumpByProgram(address: ServerAddress): Buffer | null {
  const { host = '', port } = address.hosts[0] ?? {};
  const { user, password, database } = address;
  const at = [`--host=${host}`, `--port=${port}`, `--user=${user}`];
  const [program, args] =
    address.engine === 'postgres'
      ? (['pg_dump', [`--host=${host}`, `--port=${port}`, `--username=${user}`, database]] as const)
      : ([
          'mariadb-dump',
          [...at, '--protocol=tcp', '--skip-comments', '--hex-blob', database],
        ] as const);
  const done = spawnSync(program, args, {
    env: { ...process.env, PGPASSWORD: password, MYSQL_PWD: password },
    maxBuffer: 1 << 28,
  });
  return done.status === 0 ? done.stdout : null;
}
