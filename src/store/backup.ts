import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { Kysely } from 'kysely';
import { deriveChunkKey } from './backup-chunk.ts';
import { BackupError } from './backup-error.ts';
import { type RowHeader, readFirstLine, writeHeader } from './backup-file.ts';
import { type BackupLedger, BackupLedgerCheck } from './backup-ledger.ts';
import { decodePage } from './backup-page.ts';
import { readBackRows, smallPage, wholePage, writeRows } from './backup-rows.ts';
import { BackupSource } from './backup-source.ts';
import { type BackupTarget, openTarget } from './backup-target.ts';
import { type OpenedInstallation, ownerOfFolder, readInstallation } from './installation.ts';
import { commit } from './ledger.ts';
import { newestVersion } from './migrations/map.ts';
import { movedTables } from './move-table.ts';
import { countRows } from './move-walk.ts';
import type { Schema } from './schema.ts';
import { SqliteError } from './sqlite-connection.ts';
import { organisationStream, type Store } from './store.ts';

export interface BackupMade extends BackupLedger {
  /** The file, or null where it went to a stream. */
  readonly file: string | null;
  /** Its length and its SHA-256. */
  readonly bytes: number;
  readonly sha256: string;
}

/** How far a backup has come. */
export interface BackupProgress {
  readonly events: number;
  readonly rows: number;
  readonly ofRows: number;
}

/**
 * Backs up a running installation, whatever its engine: all rows as they stand at one moment, compressed and sealed,
 * while others write. What goes into the backup is checked along the chains on its way, and a file is read back; only
 * then it gets its name. What does not hold in the ledger is told and is no error: who was tampered with needs a backup
 * most. The keys are not in it. The event `backup.made` comes after that moment.
 * @param dataFolder of an embedded database; on a server nothing is looked up there
 * @param serving whether this process serves others meanwhile, and gives way to them
 * @param target a file, a folder (the file is named after the time) or a stream, which is left open
 * @throws BackupError; then there is no new file
 */
export async function backup({
  store,
  installation,
  dataFolder,
  target: named,
  actor,
  serving = false,
  tell,
}: {
  store: Store;
  installation: OpenedInstallation;
  dataFolder: string | null;
  target: string | Writable;
  actor: string;
  serving?: boolean;
  tell?: (progress: BackupProgress) => void;
}): Promise<BackupMade> {
  const madeAt = store.clock.now();
  try {
    await using target = await openTarget(named, madeAt);
    const check = new BackupLedgerCheck();
    await store.engine.snapshot(async (snapshot) => {
      const { db } = snapshot;
      const folder = store.engine.name === 'sqlite' ? dataFolder : null;
      const checks = await readChecks(db, installation, folder);
      const line = writeHeader({ madeAt, checks, ...(await describe(db, store, installation)) });
      await target.write(Buffer.from(line));
      const ofRows = tell ? await countAll(db) : 0;
      let rows = 0;
      await writeRows(
        snapshot,
        deriveChunkKey(store.vault.backupKey, line),
        (piece) => target.write(piece),
        (page) => {
          // as it will be read: what a restore finds is what was looked at here
          if (page.table === 'stream' || page.table === 'event')
            check.add(decodePage(page.data, { withBytes: false }));
          rows += page.rows;
          tell?.({ events: check.events, rows, ofRows });
        },
        serving ? smallPage : wholePage,
      );
    });
    await readBack(target, store.vault.backupKey);
    await target.giveName();
    const { bytes, sha256 } = target.written;
    await note(store, actor, { bytes, sha256 });
    return { file: target.file, bytes, sha256, ...check.end() };
  } catch (error) {
    throw explain(error, typeof named === 'string' ? named : null, store);
  }
}

/** The checks of the master key as it stands now: it may have been rotated since this process opened its data. */
async function readChecks(
  db: Kysely<Schema>,
  { keyCheck }: OpenedInstallation,
  dataFolder: string | null,
): Promise<string[]> {
  if (dataFolder === null) {
    const row = await db.selectFrom('installation').select('key_check').executeTakeFirst();
    return [row?.key_check ?? keyCheck];
  }
  const file = await readInstallation(dataFolder);
  return file ? [...ownerOfFolder(file).checks] : [keyCheck];
}

async function describe(
  db: Kysely<Schema>,
  { organisation }: Store,
  { id }: OpenedInstallation,
): Promise<Omit<RowHeader, 'madeAt' | 'checks'>> {
  const { wrapped_key } = await db
    .selectFrom('organisation')
    .select('wrapped_key')
    .where('organisation', '=', organisation)
    .executeTakeFirstOrThrow();
  return {
    format: 'rows',
    installation: id,
    schema: newestVersion,
    organisation,
    wrappedKey: Buffer.from(wrapped_key).toString('base64'),
    salt: randomBytes(16).toString('base64'),
  };
}

async function countAll(db: Kysely<Schema>): Promise<number> {
  let rows = 0;
  for (const table of movedTables) rows += await countRows(db, table);
  return rows;
}

/** What lies in the file must open to its last chunk. */
async function readBack(target: BackupTarget, backupKey: Uint8Array): Promise<void> {
  const path = await target.settle();
  if (path === null) return;
  await using source = new BackupSource(path);
  try {
    const { line } = await readFirstLine(source);
    await readBackRows(source, deriveChunkKey(backupKey, line));
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    throw new BackupError(
      `What was read back from ${path} is not what was written: check that disk. No backup was made.`,
    );
  }
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

function explain(error: unknown, file: string | null, { engine }: Store): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BackupError(`There is too little room at ${file}. Nothing was kept.`, {
      cause: error,
    });
  }
  if (code === 'EPIPE') {
    return new BackupError('Whoever was to take the backup has stopped reading: it is not whole.');
  }
  if (engine.isAway(error)) {
    return new BackupError('The database does not answer any more: there is no backup.');
  }
  if (error instanceof SqliteError || ['EACCES', 'EPERM', 'EROFS'].includes(code ?? '')) {
    return new BackupError(`The backup could not be made: ${message}.`, { cause: error });
  }
  return error;
}
