import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Random } from '../core/clock.ts';
import { BackupError } from './backup-error.ts';
import {
  type BackupHeader,
  type CopyHeader,
  ownerOf,
  readFirstLine,
  schemaOf,
} from './backup-file.ts';
import { BackupSource } from './backup-source.ts';
import type { ServerAddress } from './database-address.ts';
import { readDestroyed } from './destruction-log.ts';
import { unlock, unlockInstallation } from './installation.ts';
import type { KeyFolder } from './key-folder.ts';
import { type KeyOwner, liesIn, readOwner } from './key-owner.ts';
import type { LedgerFault } from './ledger-fault.ts';
import type { MasterSource } from './master-key.ts';
import { newestVersion } from './migrations/map.ts';
import { restoreCopy } from './restore-copy.ts';
import { RowBackup, type RowContents } from './restore-rows.ts';
import { folderTarget, makeInFolder, serverTarget } from './restore-target.ts';

/** What a backup holds, or what of it was restored. */
export interface Restored {
  /** UUID of the installation. */
  readonly installation: string;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly schema: number;
  readonly streams: number;
  readonly events: number;
  /** Rows by table; empty for a backup of an earlier Muster. */
  readonly tables: Readonly<Record<string, number>>;
  /** How many people were erased after the backup, and therefore again in what was restored. */
  readonly erased: number;
  /**
   * The other database that the key folder belongs to, or null: no server starts on what was restored while there is
   * one. The one that lay in the very folder is gone and none.
   */
  readonly keysOf: KeyOwner | null;
  /** What does not hold in the ledger, and did not when the backup was made. */
  readonly faults: readonly LedgerFault[];
}

/** How far the work has come. */
export type RestoreStep = { readonly rows: number } | { readonly events: number };

interface Given {
  /** A file, or what comes through a pipe. */
  readonly file: string | AsyncIterable<Uint8Array>;
  /** Where the keys of an installation lie. */
  readonly keysFor: (installation: string) => string;
  readonly masterKey?: MasterSource | undefined;
  /** Where it goes, or would go. */
  readonly into?: RestorePlace;
  readonly clock: Clock;
  readonly random: Random;
  readonly tell?: (step: RestoreStep) => void;
}

/** An empty or new data folder, or the empty database of a server. */
export type RestorePlace =
  | { readonly folder: string }
  | { readonly address: ServerAddress; readonly timeoutMs: number };

/**
 * Puts a backup of any engine into an empty place on any engine. It opens with the keys that are there, and each part
 * of it is checked on its way, to its end; only then the data are complete and a server can start on them.
 * @throws BackupError, KeyError, DatabaseError; the place is as it was then
 */
export async function restore(given: Given & { into: RestorePlace }): Promise<Restored> {
  const { into } = given;
  await using source = openSource(given.file);
  const { clock, random, tell = () => {} } = given;
  const { header, line } = await readKnown(source);
  if (header.format === 'copy') return restoreFromCopy(source, header, given);
  const installation = await unlock(ownerOf(header), source.named, given.keysFor, given.masterKey);
  const keysOf = await findOwner(installation.keys, given.into);
  const backup = await RowBackup.open(source, header, line, installation);
  const target =
    'folder' in into ? folderTarget(into.folder) : serverTarget(into.address, into.timeoutMs);
  try {
    const found = await target.fill(installation, clock.now(), async (engine) => {
      try {
        return await backup.load(engine, { clock, random, tell });
      } catch (error) {
        if (engine.isDiskFull(error)) throw fullDisk(target.where);
        throw engine.isAway(error) ? lost(target.where) : error;
      }
    });
    return { ...present(header, found), erased: found.erased, keysOf };
  } catch (error) {
    throw explain(error, target.where);
  }
}

/**
 * Checks a backup to its end, as a restore would, and says what it holds. Nothing is written.
 * @throws BackupError, KeyError
 */
export async function inspectBackup(given: Given): Promise<Restored> {
  await using source = openSource(given.file);
  const { keysFor, masterKey, tell = () => {} } = given;
  const { header, line } = await readKnown(source);
  if (header.format === 'copy') return inspectCopy(source, header, given);
  const installation = await unlock(ownerOf(header), source.named, keysFor, masterKey);
  const keysOf = await findOwner(installation.keys, given.into);
  const backup = await RowBackup.open(source, header, line, installation);
  const destroyed = await readDestroyed(installation.keys);
  let erased = 0;
  const found = await backup.read(({ table, rows }) => {
    if (table !== 'person' || destroyed.size === 0) return;
    for (const { person, state } of rows)
      if (state !== 'erased' && destroyed.has(person as string)) erased += 1;
  }, tell);
  return { ...present(header, found), erased, keysOf };
}

const present = (header: BackupHeader, found: RowContents) => {
  const { tables, streams, events, faults } = found;
  return { ...about(header), streams, events, tables, faults };
};

const about = (header: BackupHeader) => ({
  installation: ownerOf(header).id,
  madeAt: header.madeAt,
  schema: schemaOf(header),
});

const openSource = (file: Given['file']): BackupSource =>
  typeof file === 'string' ? new BackupSource(file) : new BackupSource('(stdin)', file);

async function readKnown(source: BackupSource): Promise<{ header: BackupHeader; line: string }> {
  const found = await readFirstLine(source);
  const schema = schemaOf(found.header);
  if (schema <= newestVersion) return found;
  throw new BackupError(
    `The backup ${source.named} was made by a newer Muster (schema ${schema}, this one knows ${newestVersion}). Restore it with that one.`,
  );
}

async function restoreFromCopy(
  source: BackupSource,
  header: CopyHeader,
  { into, keysFor, masterKey, clock, random, tell = () => {} }: Given & { into: RestorePlace },
): Promise<Restored> {
  if (!('folder' in into)) {
    throw new BackupError(
      `The backup ${source.named} was made by an earlier Muster. Restore it into a folder with --data FOLDER, then bring the data to the server with muster move.`,
    );
  }
  const { folder } = into;
  const installation = await unlockInstallation(
    header.installation,
    source.named,
    keysFor,
    masterKey,
  );
  const keysOf = await findOwner(installation.keys, into);
  const given = { source, header, installation, clock, random, tell };
  try {
    const { ledger, erased } = await makeInFolder(folder, async (part) => {
      const made = await restoreCopy({ ...given, part });
      return { file: made.file, result: made };
    });
    const { streams, events, faults } = ledger;
    return { ...about(header), streams, events, tables: {}, erased, keysOf, faults };
  } catch (error) {
    throw explain(error, folder);
  }
}

/** It is taken out into a folder that goes again: encrypted it stays there too. */
async function inspectCopy(
  source: BackupSource,
  header: CopyHeader,
  given: Given,
): Promise<Restored> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-inspect-'));
  try {
    return await restoreFromCopy(source, header, { ...given, into: { folder } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findOwner(
  keys: KeyFolder,
  into: RestorePlace | undefined,
): Promise<KeyOwner | null> {
  const owner = await readOwner(keys);
  const isReplaced = owner && into && 'folder' in into && (await liesIn(owner, into.folder));
  return isReplaced ? null : owner;
}

const fullDisk = (where: string): BackupError =>
  new BackupError(`The disk that holds ${where} is full; nothing was restored.`);

const lost = (where: string): BackupError =>
  new BackupError(
    `${where} does not answer any more; nothing was restored. No server starts on what is half there: empty that database and restore again.`,
  );

function explain(error: unknown, where: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? fullDisk(where) : error;
}
