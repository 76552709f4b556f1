import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { access, link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyError, KeyFolder } from './key-folder.ts';
import { newestVersion } from './migrations/map.ts';
import { open, seal } from './seal.ts';
import { writeWhole } from './whole-file.ts';

/** The one readable file of a data folder. It holds no secret: the database's key lies in it wrapped. */
export interface InstallationFile {
  readonly format: 1;
  readonly installation: string;
  /** Newest schema version that has written here: an older Muster refuses to start. */
  readonly schema: number;
  /** HMAC of the installation's id under the master key: tells a wrong key before anything is opened with it. */
  readonly keyCheck: string;
  /** The database file's key under the master key, base64. */
  readonly databaseKey: string;
}

/** A data folder that cannot be used as it is; the message says why and what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

export const installationName = 'installation.json';
/** The same, while data are being moved into the folder: it gets the other name when they are complete. */
export const movingName = 'moving.json';
export const databaseName = 'muster.db';

const keyCheck = (master: Uint8Array, installation: string) =>
  createHmac('sha256', master).update(`muster/installation/${installation}`).digest('base64url');

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
  const { schema, installation, keyCheck: check, databaseKey } = (value ?? {}) as InstallationFile;
  return (
    Number.isSafeInteger(schema) &&
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(installation) &&
    /^[\w-]{43}$/.test(check) &&
    /^[\w+/]{80}$/.test(databaseKey)
  );
}

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
  masterKey?: Uint8Array,
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
  masterKey?: Uint8Array,
): Promise<EmbeddedInstallation> {
  const { installation: id } = found;
  const opened = await unlock({ id, keyCheck: found.keyCheck }, folder, keysFor, masterKey);
  return { ...opened, file: found, databaseKey: openDatabaseKey(found, opened.master) };
}

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
  found: { readonly id: string; readonly keyCheck: string },
  where: string,
  keysFor: (installation: string) => string,
  masterKey?: Uint8Array,
): Promise<OpenedInstallation> {
  const keys = new KeyFolder(keysFor(found.id));
  const master = masterKey ?? (await keys.readMaster());
  const expected = Buffer.from(found.keyCheck);
  const actual = Buffer.from(keyCheck(master, found.id));
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    throw new KeyError(
      `The master key in ${keys.path} does not belong to the data in ${where}. Point --keys to the right folder; nothing was changed.`,
    );
  }
  return { id: found.id, keys, master, created: false };
}

/** Makes the keys of a new installation, or takes the master key that is given. */
export async function createKeys(
  id: string,
  keysFor: (installation: string) => string,
  masterKey?: Uint8Array,
): Promise<{ opened: OpenedInstallation; keyCheck: string }> {
  const keys = new KeyFolder(keysFor(id));
  if (masterKey) await keys.createEpoch(1);
  else await keys.create();
  const master = masterKey ?? (await keys.readMaster());
  return { opened: { id, keys, master, created: true }, keyCheck: keyCheck(master, id) };
}

const databaseIdentity = (installation: string) => `database/${installation}`;

/** The description of a data folder that an installation gets now, with a new key for its database. */
export function describeFolder(
  { id, master }: OpenedInstallation,
  keyCheck: string,
): { file: InstallationFile; databaseKey: Uint8Array } {
  const databaseKey = randomBytes(32);
  const file: InstallationFile = {
    format: 1,
    installation: id,
    schema: newestVersion,
    keyCheck,
    databaseKey: Buffer.from(seal(master, databaseIdentity(id), databaseKey)).toString('base64'),
  };
  return { file, databaseKey };
}

async function createInstallation(
  folder: string,
  keysFor: (installation: string) => string,
  masterKey?: Uint8Array,
): Promise<EmbeddedInstallation> {
  const installation = randomUUID();
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new FolderError(
      `The data folder ${folder} cannot be made (${error.code}). Choose another with --data FOLDER.`,
    );
  });
  await probeFolder(folder);
  const { opened, keyCheck } = await createKeys(installation, keysFor, masterKey);
  const { file, databaseKey } = describeFolder(opened, keyCheck);
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
