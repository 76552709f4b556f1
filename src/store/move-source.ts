import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { openServer } from './database.ts';
import { describeAddress, type ServerAddress } from './database-address.ts';
import type { Engine } from './engine.ts';
import {
  databaseName,
  type OpenedInstallation,
  readInstallation,
  unlock,
  unlockInstallation,
} from './installation.ts';
import { goneMs } from './instance.ts';
import type { MasterSource } from './master-key.ts';
import { newestVersion } from './migrations/map.ts';
import { MoveError } from './move-error.ts';
import { loadInstallation } from './server-installation.ts';
import { openCopy } from './sqlite-copy.ts';

/** Data that are to be moved, only looked at. */
export interface MoveSource extends AsyncDisposable {
  readonly engine: Pick<Engine, 'read' | 'isAway'>;
  readonly installation: OpenedInstallation;
  /** Says which master key belongs to them. */
  readonly keyCheck: string;
  /** What to call the place in a sentence. */
  readonly where: string;
}

type KeysFor = (installation: string) => string;

/**
 * Opens a data folder to be read. Nothing in it changes.
 * @throws MoveError, FolderError, KeyError, SqliteError
 */
export async function openFolderSource(
  folder: string,
  keysFor: KeysFor,
  masterKey?: MasterSource,
): Promise<MoveSource> {
  const file = await readInstallation(folder);
  if (!file) throw nothingIn(folder);
  if (file.next) {
    throw new MoveError(
      `The master key of the data in ${folder} is being rotated. Finish that first with: muster key rotate. Nothing was changed.`,
    );
  }
  const installation = await unlockInstallation(file, folder, keysFor, masterKey);
  const engine = openCopy(join(folder, databaseName), installation.databaseKey);
  return checked({ engine, installation, keyCheck: file.keyCheck, where: folder });
}

/**
 * Opens a database server to be read. Nothing in it changes.
 * @param timeoutMs for how long one statement may take
 * @throws MoveError, DatabaseError, KeyError
 */
export async function openServerSource(
  address: ServerAddress,
  keysFor: KeysFor,
  masterKey: MasterSource | undefined,
  timeoutMs: number,
): Promise<MoveSource> {
  const where = describeAddress(address);
  const engine = await openServer(address, { timeoutMs });
  try {
    const tables = await engine.read.introspection.getTables();
    const found = tables.some(({ name }) => name === 'installation')
      ? await loadInstallation(engine)
      : null;
    if (!found) throw nothingIn(where);
    const installation = await unlock(
      { id: found.id, checks: [found.keyCheck] },
      where,
      keysFor,
      masterKey,
    );
    await refuseServed(engine, where);
    return await checked({ engine, installation, keyCheck: found.keyCheck, where });
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** Servers on other machines: what they write during a move would be lost. */
async function refuseServed(engine: Engine, where: string): Promise<void> {
  const now = (await engine.serverTime()) ?? 0;
  const running = await engine.read
    .selectFrom('instance')
    .select('instance')
    .where('seen_at', '>', Math.floor(now) - goneMs)
    .execute();
  if (running.length === 0) return;
  const are =
    running.length === 1 ? 'A Muster server works' : `${running.length} Muster servers work`;
  throw new MoveError(
    `${are} on ${where}. Stop all of them first, and start them again on the new place; one that was killed counts for a minute more. Nothing was changed.`,
  );
}

const nothingIn = (where: string) =>
  new MoveError(`There are no data of Muster in ${where}. Name the source with --from.`);

async function checked(
  source: Omit<MoveSource, typeof Symbol.asyncDispose> & { engine: Engine },
): Promise<MoveSource> {
  const { engine, where } = source;
  const db = engine.read as unknown as Kysely<{ muster_schema: { version: number } }>;
  const { version } = await db
    .selectFrom('muster_schema')
    .select('version')
    .executeTakeFirstOrThrow();
  if (version !== newestVersion) {
    throw new MoveError(
      version > newestVersion
        ? `The data in ${where} were written by a newer Muster (schema ${version}, this one knows ${newestVersion}): move them with that one.`
        : `The data in ${where} have schema ${version}, this Muster's is ${newestVersion}. Run muster verify on them first, which brings them up to date.`,
    );
  }
  return { ...source, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}
