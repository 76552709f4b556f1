import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Random } from '../core/clock.ts';
import { checkCopy } from './backup-check.ts';
import { BackupError, type BackupHeader, digestFile, readHeader } from './backup-file.ts';
import {
  databaseName,
  type InstallationFile,
  unlockInstallation,
  writeInstallation,
} from './installation.ts';
import type { MasterSource } from './master-key.ts';
import { newestVersion } from './migrations/map.ts';
import { applyDestroyed, mendKeys } from './restore-erasure.ts';
import { SqliteError } from './sqlite-connection.ts';
import { syncFolder } from './sync-folder.ts';
import type { VerifyProgress } from './verify.ts';
import type { LedgerFault } from './verify-stream.ts';

export interface Restored {
  readonly installation: InstallationFile;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly streams: number;
  readonly events: number;
  /** How many people were erased after the backup, and therefore again in what was restored. */
  readonly erased: number;
  /** What does not hold in the ledger, and did not when the backup was made. */
  readonly faults: readonly LedgerFault[];
}

/**
 * Puts a backup into an empty or new data folder, after it has been verified as a whole: it opens with the keys that
 * are there and is not changed or cut off; its chains are walked. `installation.json` comes last.
 * @throws BackupError, KeyError; the folder is as it was then
 */
export async function restore({
  file,
  folder,
  keysFor,
  masterKey,
  clock,
  random,
  tell,
}: {
  file: string;
  folder: string;
  keysFor: (installation: string) => string;
  masterKey?: MasterSource | undefined;
  clock: Clock;
  random: Random;
  tell?: (progress: VerifyProgress) => void;
}): Promise<Restored> {
  await checkEmpty(folder);
  const { header, offset } = await readHeader(file);
  const { installation: found, madeAt } = header;
  if (found.schema > newestVersion) {
    throw new BackupError(
      `The backup ${file} was made by a newer Muster (schema ${found.schema}, this one knows ${newestVersion}). Restore it with that one.`,
    );
  }
  const installation = await unlockInstallation(found, file, keysFor, masterKey);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `.restore-${randomBytes(4).toString('hex')}`);
  try {
    await extract(file, offset, header, part);
    await mendKeys(part, installation).catch((error: unknown) => {
      // a damaged database: the check says so
      if (!(error instanceof SqliteError)) throw error;
    });
    const checked = await checkCopy({ path: part, named: file, installation, clock, random, tell });
    const erased = await applyDestroyed({ path: part, installation, clock, random });
    await rename(part, join(folder, databaseName));
    await syncFolder(folder);
    await writeInstallation(folder, erased > 0 ? { ...found, schema: newestVersion } : found);
    await syncFolder(folder);
    const { streams, events, faults } = checked;
    return { installation: found, madeAt, streams, events, erased, faults };
  } catch (error) {
    const whole = join(folder, databaseName);
    for (const path of [part, `${part}-wal`, `${part}-shm`, whole])
      await unlink(path).catch(() => {});
    if (made !== undefined) await rmdir(folder).catch(() => {});
    throw explain(error, folder);
  }
}

async function checkEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new BackupError(`The data folder ${folder} cannot be used (${error.code}).`);
  });
  if (names.length === 0) return;
  throw new BackupError(
    `The folder ${folder} is not empty, and a backup never overwrites anything. Choose an empty or new one with --data FOLDER.`,
  );
}

async function extract(
  file: string,
  offset: number,
  header: BackupHeader,
  target: string,
): Promise<void> {
  const handle = await open(target, 'wx', 0o600);
  try {
    const found = await digestFile(file, offset, (piece) => handle.writeFile(piece));
    if (found.bytes !== header.bytes) {
      const how = found.bytes < header.bytes ? 'cut off' : 'made longer';
      throw new BackupError(`The backup ${file} was ${how}; nothing was restored.`);
    }
    if (found.sha256 !== header.sha256) {
      throw new BackupError(`The backup ${file} was changed or damaged; nothing was restored.`);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explain(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new BackupError(`The disk that holds ${folder} is full; nothing was restored.`)
    : error;
}
