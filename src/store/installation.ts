import { randomBytes, randomUUID } from 'node:crypto';
import { access, link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyFolder } from './key-folder.ts';
import {
  findMaster,
  isKeyCheck,
  type MasterSource,
  makeFromPassphrase,
  makeKeyCheck,
} from './master-key.ts';
import { newestVersion } from './migrations/map.ts';
import { open, seal } from './seal.ts';
import { writeWhole } from './whole-file.ts';

/** The one readable file of a data folder. It holds no secret: the database's key lies in it wrapped. */
export interface InstallationFile {
  readonly format: 1;
  readonly installation: string;
  /** Newest schema version that has written here: an older Muster refuses to start. */
  readonly schema: number;
  /** Tells a wrong master key before anything is opened with it; says how a passphrase leads to it. */
  readonly keyCheck: string;
  /** The database file's key under the master key, base64. */
  readonly databaseKey: string;
  /** While the master key is being rotated: the same for the next one, and the last one under it. */
  readonly next?: NextMaster;
}

export interface NextMaster {
  readonly keyCheck: string;
  readonly databaseKey: string;
  /** The master key before, under the next, base64. */
  readonly before: string;
}

/** A data folder that cannot be used as it is; the message says why and what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

export const installationName = 'installation.json';
/** The same, while data are being moved into the folder: it gets the other name when they are complete. */
export const movingName = 'moving.json';
/** Lies there while a backup is being restored into the folder. */
export const restoringName = 'restoring.json';
export const databaseName = 'muster.db';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Reads the data folder's description, or null where the folder is new or empty. */
export async function readInstallation(folder: string): Promise<InstallationFile | null> {
  const path = join(folder, installationName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw new FolderError(
      `The data folder ${folder} cannot be read (${error.code}). Check who owns it.`,
    );
  });
  if (text === null) {
    if (await exists(join(folder, movingName))) {
      throw new FolderError(
        `A move into ${folder} is not finished: run the same muster move again, or empty the folder.`,
      );
    }
    if (await exists(join(folder, restoringName))) {
      throw new FolderError(
        `A restore into ${folder} is not finished: if none is running, run muster restore again, which clears away what is left of it.`,
      );
    }
    if (await exists(join(folder, databaseName))) {
      throw new FolderError(
        `${path} is missing beside a database. Restore a backup into an empty folder with: muster restore FILE --data FOLDER`,
      );
    }
    return null;
  }
  const file = parse(text, path);
  if (file.schema > newestVersion) {
    throw new FolderError(
      `The data in ${folder} were written by a newer Muster (schema ${file.schema}, this one knows ${newestVersion}). Start that newer version; nothing was changed.`,
    );
  }
  return file;
}

/** Whether it has the shape of a description; its id becomes the name of a folder, so it is nothing but a UUID. */
export function isInstallationFile(value: unknown): value is InstallationFile {
  const file = (value ?? {}) as InstallationFile;
  return (
    Number.isSafeInteger(file.schema) &&
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(file.installation) &&
    isWrapped(file) &&
    (file.next === undefined || (isWrapped(file.next) && wrappedKey.test(file.next.before)))
  );
}

const wrappedKey = /^[\w+/]{80}$/;
const isWrapped = ({ keyCheck, databaseKey }: Pick<InstallationFile, 'keyCheck' | 'databaseKey'>) =>
  isKeyCheck(keyCheck) && wrappedKey.test(databaseKey);

function parse(text: string, path: string): InstallationFile {
  try {
    const file: unknown = JSON.parse(text);
    if (isInstallationFile(file)) return file;
  } catch {
    // falls through to the one sentence
  }
  throw new FolderError(
    `${path} is damaged. Restore a backup into an empty folder with: muster restore FILE --data FOLDER`,
  );
}

/**
 * Puts the description of new data in place, whole and on the disk.
 * @throws FolderError where there is one already: of two first starts at once, one goes on
 */
export async function writeInstallation(folder: string, file: InstallationFile): Promise<void> {
  const text = `${JSON.stringify(file, null, 2)}\n`;
  await writeWhole(join(folder, installationName), text, (draft, path) =>
    link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST')
        throw new FolderError(`Another Muster has just begun in ${folder}: use that one.`);
      // a disk that knows no links, such as a USB stick
      return rename(draft, path);
    }),
  );
}

/** An installation with the keys to read it. */
export interface OpenedInstallation {
  /** UUID; names the folder of its keys. */
  readonly id: string;
  readonly keys: KeyFolder;
  readonly master: Uint8Array;
  /** The check that the master key fits. */
  readonly keyCheck: string;
  /** Master keys before it, where a rotation is not finished. */
  readonly older?: readonly Uint8Array[];
  /** Whether it was made just now. */
  readonly created: boolean;
}

/** One whose database lies in a data folder. */
export interface EmbeddedInstallation extends OpenedInstallation {
  readonly file: InstallationFile;
  readonly databaseKey: Uint8Array;
}

/**
 * Opens a data folder with its keys, or on a first run makes both. `keysFor` says where an installation's keys lie.
 * @throws FolderError, KeyError
 */
export async function openInstallation(
  folder: string,
  keysFor: (installation: string) => string,
  masterKey?: MasterSource,
): Promise<EmbeddedInstallation> {
  const found = await readInstallation(folder);
  return found
    ? unlockInstallation(found, folder, keysFor, masterKey)
    : createInstallation(folder, keysFor, masterKey);
}

/**
 * Finds the keys of an installation and opens the database's key with them. Nothing is written.
 * @param folder whose data these are, for the sentence of an error
 * @throws KeyError
 */
export async function unlockInstallation(
  found: InstallationFile,
  folder: string,
  keysFor: (installation: string) => string,
  masterKey?: MasterSource,
): Promise<EmbeddedInstallation> {
  const { installation: id } = found;
  const opened = await unlock(ownerOfFolder(found), folder, keysFor, masterKey);
  const { master } = opened;
  if (opened.keyCheck === found.keyCheck) {
    return { ...opened, file: found, databaseKey: openDatabaseKey(found, master) };
  }
  const { databaseKey, before } = found.next as NextMaster;
  return {
    ...opened,
    older: [open(master, beforeIdentity(id), Buffer.from(before, 'base64'))],
    file: found,
    databaseKey: openDatabaseKey({ ...found, databaseKey }, master),
  };
}

/** Whose keys a data folder needs: while the master key is being rotated either one opens it. */
export const ownerOfFolder = ({
  installation,
  keyCheck,
  next,
}: InstallationFile): { readonly id: string; readonly checks: readonly string[] } => ({
  id: installation,
  checks: [keyCheck, ...(next ? [next.keyCheck] : [])],
});

const beforeIdentity = (installation: string) => `master/${installation}`;

/** What a data folder's description says while the master key is being rotated. */
export const describeNext = (
  { installation }: InstallationFile,
  { databaseKey, before }: { readonly databaseKey: Uint8Array; readonly before: Uint8Array },
  { master, keyCheck }: { readonly master: Uint8Array; readonly keyCheck: string },
): NextMaster => ({
  keyCheck,
  databaseKey: wrapDatabaseKey(installation, databaseKey, master),
  before: Buffer.from(seal(master, beforeIdentity(installation), before)).toString('base64'),
});

const wrapDatabaseKey = (installation: string, key: Uint8Array, master: Uint8Array): string =>
  Buffer.from(seal(master, databaseIdentity(installation), key)).toString('base64');

/** The database's key, which lies in a data folder's description under the master key. */
export const openDatabaseKey = (
  { installation, databaseKey }: InstallationFile,
  master: Uint8Array,
): Uint8Array => open(master, databaseIdentity(installation), Buffer.from(databaseKey, 'base64'));

/**
 * Finds the keys of an installation.
 * @param where its data lie, for the sentence of an error
 * @throws KeyError
 */
export async function unlock(
  found: { readonly id: string; readonly checks: readonly string[] },
  where: string,
  keysFor: (installation: string) => string,
  masterKey?: MasterSource,
): Promise<OpenedInstallation> {
  const keys = new KeyFolder(keysFor(found.id));
  const { master, keyCheck } = await findMaster(found, keys, where, masterKey);
  return { id: found.id, keys, master, keyCheck, created: false };
}

/** Makes the keys of a new installation, or takes the master key or passphrase that is given. */
export async function createKeys(
  id: string,
  keysFor: (installation: string) => string,
  source?: MasterSource,
): Promise<OpenedInstallation> {
  const keys = new KeyFolder(keysFor(id));
  if (source && !(source instanceof Uint8Array) && source.given) {
    const made = await makeFromPassphrase(await source.ask(), id);
    await keys.createEpoch(1);
    return { id, keys, ...made, created: true };
  }
  if (source instanceof Uint8Array) await keys.createEpoch(1);
  else await keys.create();
  const master = source instanceof Uint8Array ? source : await keys.readMaster();
  return { id, keys, master, keyCheck: makeKeyCheck(master, id), created: true };
}

const databaseIdentity = (installation: string) => `database/${installation}`;

/** The description of a data folder that an installation gets now, with a new key for its database. */
export function describeFolder({ id, master, keyCheck }: OpenedInstallation): {
  file: InstallationFile;
  databaseKey: Uint8Array;
} {
  const databaseKey = randomBytes(32);
  const file: InstallationFile = {
    format: 1,
    installation: id,
    schema: newestVersion,
    keyCheck,
    databaseKey: wrapDatabaseKey(id, databaseKey, master),
  };
  return { file, databaseKey };
}

async function createInstallation(
  folder: string,
  keysFor: (installation: string) => string,
  masterKey?: MasterSource,
): Promise<EmbeddedInstallation> {
  const installation = randomUUID();
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new FolderError(
      `The data folder ${folder} cannot be made (${error.code}). Choose another with --data FOLDER.`,
    );
  });
  await probeFolder(folder);
  const opened = await createKeys(installation, keysFor, masterKey);
  const { file, databaseKey } = describeFolder(opened);
  await writeInstallation(folder, file);
  return { ...opened, file, databaseKey };
}

/**
 * Shows that the folder can take data, before any key is made or the database is touched.
 * @throws FolderError
 */
export async function probeFolder(folder: string): Promise<void> {
  const path = join(folder, `.probe-${process.pid}`);
  try {
    await writeFile(path, Buffer.alloc(256 * 1024), { flag: 'wx', flush: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FolderError(
      code === 'ENOSPC'
        ? `The disk that holds ${folder} is full. Free some space or choose another folder with --data FOLDER; nothing was changed.`
        : `The data folder ${folder} cannot be written (${code}). Choose another with --data FOLDER; nothing was changed.`,
    );
  } finally {
    await unlink(path).catch(() => {});
  }
}
