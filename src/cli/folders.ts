import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Clock, Random } from '../core/clock.ts';
import {
  type DatabaseAddress,
  describeAddress,
  readDatabaseAddress,
} from '../store/database-address.ts';
import { DatabaseError } from '../store/database-error.ts';
import { FolderError, readInstallation } from '../store/installation.ts';
import { KeyError } from '../store/key-folder.ts';
import type { MasterSource } from '../store/master-key.ts';
import { noData, type OpenedStore, openStore } from '../store/open.ts';
import { findServerInstallation } from '../store/server-installation.ts';
import { systemRandom } from '../store/system-random.ts';
import type { Flags } from './description.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { Misused } from './failure.ts';
import { passphraseFrom } from './passphrase.ts';
import { defaultDataFolder, defaultKeysFolder } from './places.ts';
import { readSecretFile } from './secret-file.ts';
import { systemClock, systemZone } from './system.ts';

/** The flags by which every verb is told where data and keys lie. For `parseArgs`. */
export const folderFlags = {
  data: {
    type: 'string',
    value: 'FOLDER',
    env: 'MUSTER_DATA',
    text: 'where the data lie; with --database a log at most',
  },
  keys: {
    type: 'string',
    value: 'FOLDER',
    env: 'MUSTER_KEYS',
    text: 'where their keys lie, never in the data folder',
  },
  database: {
    type: 'string',
    value: 'URL',
    env: 'MUSTER_DATABASE',
    text: 'a database server instead of the data folder: postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE; its password from MUSTER_DATABASE_PASSWORD_FILE',
  },
} as const satisfies Flags;

/** For how long one statement of a walk through everything may take on a server. */
export const longStatementMs = 10 * 60_000;

export interface FolderChoice {
  readonly database?: string | undefined;
  readonly data?: string | undefined;
  readonly keys?: string | undefined;
}

/** Where everything of one installation lies. Nothing was opened or made to find out. */
export interface Folders {
  /** A database server, or the embedded database in `data`. */
  readonly address: DatabaseAddress;
  /** Data folder of the embedded database; with a server nothing but a log lies there. */
  readonly data: string;
  /** Whether the data folder is the one that a user gets without saying anything. */
  readonly isDefault: boolean;
  /** Where the keys of an installation lie: the folder that holds `master.key`. */
  readonly keysFor: (installation: string) => string;
  /** From the environment, instead of the key folder's `master.key`; or where its passphrase comes from. */
  readonly masterKey: MasterSource | undefined;
}

/**
 * Finds the folders: a flag before the environment before the platform's place.
 * @throws FolderError where the keys would lie in the data folder; KeyError for a master key that is none;
 *   AddressError; Misused
 */
export function findFolders(
  { data, keys, database }: FolderChoice,
  environment: Environment = readEnvironment(),
): Folders {
  const address = findDatabase(database, environment);
  const inAddress = address.engine === 'sqlite' ? address.folder : null;
  if (data !== undefined && inAddress !== null)
    throw new Misused('The folder of the data is given twice, by --data and by sqlite:FOLDER.');
  const named = data ?? inAddress ?? environment.data;
  const dataFolder = named === undefined ? defaultDataFolder(environment) : resolve(named);
  const keyFolder = keys ?? environment.keys;
  const keysFor = (installation: string): string =>
    keyFolder === undefined
      ? join(defaultKeysFolder(environment), installation)
      : resolve(keyFolder);
  if (isInside(keysFor('any'), dataFolder)) {
    throw new FolderError(
      `The keys must not lie in the data folder ${dataFolder}: who copies the data would have the keys. Choose another folder with --keys FOLDER.`,
    );
  }
  return {
    address,
    data: dataFolder,
    isDefault: named === undefined,
    keysFor,
    masterKey: readMasterKey(environment) ?? passphraseFrom(environment.passphraseFile),
  };
}

/**
 * Opens the data that are there, for a verb that works on them; a server may be running meanwhile. Never makes new
 * data.
 * @throws FolderError, KeyError, DatabaseError, NewerDatabase, OlderDatabase, SqliteError; nothing is changed then
 */
export async function openHere(
  choice: FolderChoice,
  { clock = systemClock, random = systemRandom }: { clock?: Clock; random?: Random } = {},
): Promise<OpenedStore> {
  const folders = findFolders(choice);
  const { address, data, keysFor, masterKey } = folders;
  // what lies on a server is looked at once it is open
  if (address.engine === 'sqlite') await checkThere(folders);
  // a walk through everything takes its time
  const zone = systemZone();
  const timeoutMs = longStatementMs;
  return openStore({
    address,
    folder: data,
    keysFor,
    masterKey,
    clock,
    followServer: true,
    random,
    zone,
    timeoutMs,
    migrates: false,
  });
}

/**
 * Sees to it that there are data; opens nothing.
 * @throws FolderError, DatabaseError
 */
export async function checkThere({ address, data }: Folders): Promise<void> {
  if (address.engine === 'sqlite') {
    if (!(await readInstallation(data))) {
      throw new FolderError(
        `There are no data of Muster in ${data}. Point --data to their folder; where they were lost, put a backup back with: muster restore FILE`,
      );
    }
  } else if (!(await findServerInstallation(address))) throw noData(describeAddress(address));
}

/** A flag before the environment. */
function findDatabase(database: string | undefined, environment: Environment): DatabaseAddress {
  const text = database ?? environment.database ?? 'sqlite:';
  const { databasePassword, databasePasswordFile: file } = environment;
  const password = databasePassword ?? (file === undefined ? '' : readPassword(file));
  return readDatabaseAddress(text, password);
}

const readPassword = (path: string): string =>
  readSecretFile(
    path,
    (code) =>
      new DatabaseError(
        `The password in ${path} (MUSTER_DATABASE_PASSWORD_FILE) cannot be read (${code}).`,
      ),
  ).trim();

/** Whether `path` is `folder` or lies in it. */
function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== '..');
}

function readMasterKey({ masterKey, masterKeyFile }: Environment): Uint8Array | undefined {
  if (masterKey !== undefined) return decodeMasterKey(masterKey, 'MUSTER_MASTER_KEY');
  return masterKeyFile === undefined ? undefined : readMasterKeyFile(masterKeyFile);
}

/**
 * The master key in a file.
 * @throws KeyError
 */
export function readMasterKeyFile(path: string): Uint8Array {
  const text = readSecretFile(
    path,
    (code) => new KeyError(`The master key in ${path} cannot be read (${code}).`),
  );
  return decodeMasterKey(text, path);
}

function decodeMasterKey(given: string, source: string): Uint8Array {
  const text = given.trim();
  const key = Buffer.from(text, 'base64');
  if (key.length === 32 && key.toString('base64') === text) return key;
  throw new KeyError(`${source} does not hold a master key: 32 bytes in base64 are 44 characters.`);
}
