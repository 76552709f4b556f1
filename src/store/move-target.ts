import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openServer } from './database.ts';
import { describeAddress, type ServerAddress } from './database-address.ts';
import type { Engine } from './engine.ts';
import {
  databaseName,
  describeFolder,
  type InstallationFile,
  installationName,
  isInstallationFile,
  movingName,
  openDatabaseKey,
  probeFolder,
  readInstallation,
} from './installation.ts';
import { migrate } from './migrate.ts';
import { MoveError } from './move-error.ts';
import type { MoveSource } from './move-source.ts';
import { loadInstallation } from './server-installation.ts';
import { openSqlite } from './sqlite.ts';
import { syncFolder } from './sync-folder.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

/** Where data are moved to: empty, or with a part of the same data. No server starts on it before `finish`. */
export interface MoveTarget extends AsyncDisposable {
  readonly engine: Engine;
  readonly where: string;
  /**
   * Looks once more, while nobody else may begin, whether the place is free.
   * @throws MoveError
   */
  begin(): Promise<void>;
  /** Says that the data are complete. */
  finish(now: number): Promise<void>;
}

/**
 * Makes a data folder with a database under a new key, or goes on in one that a move began.
 * @throws MoveError, FolderError
 */
export async function openFolderTarget(folder: string, source: MoveSource): Promise<MoveTarget> {
  const file = (await readMoving(folder, source)) ?? (await makeMoving(folder, source));
  const databaseKey = openDatabaseKey(file, source.installation.master);
  const engine = await openSqlite({ path: join(folder, databaseName), key: databaseKey });
  try {
    await migrate(engine);
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return {
    engine,
    where: folder,
    begin: async () => {},
    async finish() {
      await rename(join(folder, movingName), join(folder, installationName));
      await syncFolder(folder);
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/**
 * Brings an empty database of a server to the newest schema, or goes on in one that a move began.
 * @param timeoutMs for how long one statement may take
 * @throws MoveError, DatabaseError, NewerDatabase
 */
export async function openServerTarget(
  address: ServerAddress,
  source: MoveSource,
  timeoutMs: number,
): Promise<MoveTarget> {
  const where = describeAddress(address);
  const engine = await openServer(address, { timeoutMs });
  const { installation, keyCheck } = source;
  const begin = async () => {
    const found = await loadInstallation(engine);
    if (found) throw taken(where, found.id, source);
  };
  try {
    await migrate(engine);
    await begin();
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return {
    engine,
    where,
    begin,
    async finish(now) {
      const row = { installation: installation.id, key_check: keyCheck, made_at: now };
      await engine.write((tx) => engine.insertMany(tx, 'installation', [row]));
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

async function readMoving(folder: string, source: MoveSource): Promise<InstallationFile | null> {
  const text = await readIfThere(join(folder, movingName));
  if (text === undefined) return null;
  const file = parse(text);
  if (file?.installation === source.installation.id) return file;
  throw new MoveError(
    `A move of other data into ${folder} is not finished. Choose an empty or new folder; nothing was changed.`,
  );
}

function parse(text: string): InstallationFile | null {
  try {
    const file: unknown = JSON.parse(text);
    return isInstallationFile(file) ? file : null;
  } catch {
    return null;
  }
}

async function makeMoving(folder: string, source: MoveSource): Promise<InstallationFile> {
  const there = await readInstallation(folder);
  if (there) throw taken(folder, there.installation, source);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await probeFolder(folder);
  const { file } = describeFolder(source.installation);
  await writeWhole(join(folder, movingName), `${JSON.stringify(file, null, 2)}\n`, rename);
  await syncFolder(folder);
  return file;
}

const taken = (where: string, id: string, { installation }: MoveSource): MoveError =>
  new MoveError(
    id === installation.id
      ? `${where} holds data of this installation already, as they were when they came there: nothing is added to them. To move newer ones choose an empty database or a new folder. Nothing was changed.`
      : `${where} holds the data of another installation. Choose an empty database or a new folder; nothing was changed.`,
  );
