import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, rename, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../core/brand.ts';
import { BackupError } from './backup-error.ts';
import { openServer } from './database.ts';
import { describeAddress, type ServerAddress } from './database-address.ts';
import type { Engine } from './engine.ts';
import {
  databaseName,
  describeFolder,
  type InstallationFile,
  type OpenedInstallation,
  restoringName,
  writeInstallation,
} from './installation.ts';
import { openSqlite } from './sqlite.ts';
import { syncFolder } from './sync-folder.ts';

/** Where a backup is restored to; nothing is there. */
export interface RestoreTarget {
  /** What to call it in a sentence. */
  readonly where: string;
  /**
   * Gives `work` a database without any table, where nobody else changes tables meanwhile; then says that the data are
   * complete. Where anything fails the place is as it was.
   */
  fill<T>(
    installation: OpenedInstallation,
    now: Instant,
    work: (engine: Engine) => Promise<T>,
  ): Promise<T>;
}

/** A data folder in which a database under a new key is made. */
export const folderTarget = (folder: string): RestoreTarget => ({
  where: folder,
  fill: (installation, _, work) =>
    makeInFolder(folder, async (part) => {
      const { file, databaseKey } = describeFolder(installation);
      await using engine = await openSqlite({ path: part, key: databaseKey });
      return { file, result: await work(engine) };
    }),
});

/**
 * Makes a database in an empty or new folder, or in one where a restore that was killed has left its parts; it gets its
 * name when `make` is done, and its description last. Until then no server starts there.
 * @throws BackupError where the folder holds anything else
 */
export async function makeInFolder<T>(
  folder: string,
  make: (part: string) => Promise<{ file: InstallationFile; result: T }>,
): Promise<T> {
  await clear(folder);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `.restore-${randomBytes(4).toString('hex')}`);
  const mark = join(folder, restoringName);
  const ours = [part, `${part}-wal`, `${part}-shm`, mark];
  await writeFile(mark, '{}\n', { mode: 0o600, flush: true });
  try {
    const { file, result } = await make(part);
    await nameDatabase(part, folder);
    ours.push(join(folder, databaseName));
    await syncFolder(folder);
    await writeInstallation(folder, file);
    // another restore that was begun meanwhile and gave up may have taken it away
    await unlink(mark).catch(() => {});
    await syncFolder(folder);
    return result;
  } catch (error) {
    for (const path of ours) await unlink(path).catch(() => {});
    if (made !== undefined) await rmdir(folder).catch(() => {});
    throw error;
  }
}

/** Never puts it in the place of another: of two restores at once into one folder one ends in an error. */
async function nameDatabase(part: string, folder: string): Promise<void> {
  const whole = join(folder, databaseName);
  try {
    await link(part, whole);
    await unlink(part);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') {
      throw new BackupError(
        `Another restore into ${folder} was begun meanwhile; this one was given up.`,
      );
    }
    // a disk that knows no links, such as a USB stick
    await rename(part, whole);
  }
}

/** What a restore has there before it is done. */
const unfinished =
  /^(restoring\.json|\.restore-[\da-f]{8}(-(wal|shm|journal))?|installation\.json\.[\da-f-]{36})$/;

/** Takes away what a restore has left that was killed; anything else is left alone. */
async function clear(folder: string): Promise<void> {
  const names: string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BackupError(`The data folder ${folder} cannot be used (${error.code}).`);
  });
  // the folder was empty before: a database beside the mark that has no description yet is the restore's
  const isTheirs = (name: string): boolean =>
    unfinished.test(name) || (name === databaseName && names.includes(restoringName));
  if (!names.every(isTheirs)) {
    throw new BackupError(
      `The folder ${folder} is not empty, and a backup never overwrites anything. Choose an empty or new one with --data FOLDER.`,
    );
  }
  for (const name of names) if (name !== restoringName) await unlink(join(folder, name));
  // last: as long as anything is there no server starts
  await unlink(join(folder, restoringName)).catch(() => {});
}

/**
 * A server's database. No server starts on it before the row that says whose data these are.
 * @param timeoutMs for how long one statement may take
 */
export const serverTarget = (address: ServerAddress, timeoutMs: number): RestoreTarget => ({
  where: describeAddress(address),
  async fill(installation, now, work) {
    await using engine = await openServer(address, { timeoutMs });
    return await engine.alone(async () => {
      const before = await listTables(engine);
      if (before.has('muster_schema')) throw holdsData(describeAddress(address));
      try {
        const result = await work(engine);
        const { id, keyCheck } = installation;
        const row = { installation: id, key_check: keyCheck, made_at: now };
        await engine.write((tx) => engine.insertMany(tx, 'installation', [row]));
        return result;
      } catch (error) {
        // where the server is away something stays, and nothing starts on it
        await dropAllBut(engine, before).catch(() => {});
        throw error;
      }
    });
  },
});

const holdsData = (where: string): BackupError =>
  new BackupError(
    `The database ${where} holds tables of Muster, and a backup never overwrites anything. Choose an empty one with --database; what a restore has left that was killed goes when that database is dropped.`,
  );

async function listTables({ read }: Engine): Promise<Set<string>> {
  return new Set((await read.introspection.getTables()).map(({ name }) => name));
}

async function dropAllBut(engine: Engine, before: ReadonlySet<string>): Promise<void> {
  const made = (await listTables(engine)).difference(before);
  for (const name of made) await engine.write((tx) => tx.schema.dropTable(name).execute());
}
