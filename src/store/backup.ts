import { randomBytes } from 'node:crypto';
import { access, chmod, link, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkCopy } from './backup-check.ts';
import {
  BackupError,
  type BackupHeader,
  digestFile,
  readHeader,
  writeHeader,
} from './backup-file.ts';
import { type EmbeddedInstallation, readInstallation } from './installation.ts';
import { commit } from './ledger.ts';
import { newestVersion } from './migrations/map.ts';
import { SqliteError } from './sqlite-connection.ts';
import { copyDatabase } from './sqlite-copy.ts';
import { organisationStream, type Store } from './store.ts';
import { syncFolder } from './sync-folder.ts';
import type { VerifyProgress } from './verify.ts';
import type { LedgerFault } from './verify-stream.ts';

export interface BackupMade {
  /** Length and SHA-256 of the database in the backup. */
  readonly bytes: number;
  readonly sha256: string;
  readonly streams: number;
  readonly events: number;
  /** What does not hold in the ledger that was copied. */
  readonly faults: readonly LedgerFault[];
}

/**
 * Backs up a running installation into one file that stays encrypted, reads it back and verifies it; only then it
 * gets its name. Others may write meanwhile: the copy is of one moment. The keys are not in it. The event
 * `backup.made` comes after that moment.
 * @param database path of the installation's database
 * @throws BackupError; then there is no new file
 */
export async function backup({
  store,
  installation,
  database,
  target: named,
  actor,
  tell,
}: {
  store: Store;
  installation: EmbeddedInstallation;
  database: string;
  target: string;
  actor: string;
  tell?: (progress: VerifyProgress) => void;
}): Promise<BackupMade> {
  const target = resolve(named);
  await checkTarget(target);
  const mark = randomBytes(4).toString('hex');
  const copy = `${target}.${mark}.copy`;
  const part = `${target}.${mark}.part`;
  const { clock, random } = store;
  try {
    const madeAt = clock.now();
    await copyDatabase(database, installation.databaseKey, copy);
    await chmod(copy, 0o600);
    const checked = await checkCopy({
      path: copy,
      named: target,
      installation,
      clock,
      random,
      tell,
    });
    const digest = await digestFile(copy);
    // the master key may have been rotated since this process read it
    const file = (await readInstallation(dirname(database))) ?? installation.file;
    const header = {
      madeAt,
      installation: { ...file, schema: newestVersion },
      ...digest,
    };
    await write(part, header, copy);
    await readBack(part, digest);
    await giveName(part, target);
    await note(store, actor, digest);
    const { streams, events, faults } = checked;
    return { ...digest, streams, events, faults };
  } catch (error) {
    throw explain(error, target);
  } finally {
    await Promise.all([copy, `${copy}-journal`, part].map((path) => unlink(path).catch(() => {})));
  }
}

async function checkTarget(target: string): Promise<void> {
  const folder = await stat(dirname(target)).catch(() => null);
  if (!folder?.isDirectory()) {
    throw new BackupError(`The folder ${dirname(target)} is not there; nothing was written.`);
  }
  if (await isThere(target)) throw new BackupError(taken(target));
}

const taken = (target: string) =>
  `The file ${target} is there already and was left as it is. Choose another name.`;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function write(path: string, header: BackupHeader, copy: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(writeHeader(header));
    await digestFile(copy, 0, (piece) => handle.writeFile(piece));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The copy was opened and checked; what lies in the file must be that copy, byte for byte. */
async function readBack(path: string, made: { bytes: number; sha256: string }): Promise<void> {
  const { header, offset } = await readHeader(path);
  const found = await digestFile(path, offset);
  if (found.bytes === made.bytes && found.sha256 === made.sha256 && header.sha256 === made.sha256)
    return;
  throw new BackupError(
    `What was read back from ${path} is not what was written: check that disk. No backup was made.`,
  );
}

/** Gives the file its name unless somebody took that meanwhile. */
async function giveName(path: string, target: string): Promise<void> {
  try {
    await link(path, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // file systems of memory sticks know no links
    if (code === 'EEXIST' || (await isThere(target))) throw new BackupError(taken(target));
    await rename(path, target);
  }
  await syncFolder(dirname(target));
}

async function note(
  store: Store,
  actor: string,
  facts: { bytes: number; sha256: string },
): Promise<void> {
  await commit(store, ({ append, now }) =>
    append([
      {
        stream: organisationStream,
        type: 'backup.made',
        occurredAt: now,
        actor,
        subject: null,
        facts,
      },
    ]),
  );
}

function explain(error: unknown, target: string): unknown {
  const { code, message } = error as { code?: string; message?: string };
  const isFull = error instanceof SqliteError && fullDisk.has(code ?? '');
  if (isFull || code === 'ENOSPC' || code === 'EDQUOT') {
    return new BackupError(
      `There is too little room beside ${target}: a backup needs twice the size of the data while it is made. Nothing was kept.`,
    );
  }
  if (error instanceof SqliteError || ['EACCES', 'EPERM', 'EROFS'].includes(code ?? '')) {
    return new BackupError(`The backup ${target} could not be made: ${message}.`);
  }
  return error;
}

const fullDisk = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE']);
