import { createHash } from 'node:crypto';
import { access, constants, mkdir, open, readdir, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { BackupProblem } from '../core/backup.wire.ts';
import type { BackupState, KnownBackup } from '../store/backup-state.ts';
import { databaseName, FolderError } from '../store/installation.ts';

/** A folder for backups, as a server was told. */
export interface BackupPlace {
  readonly path: string;
  /** Whether it is made where it is not there. One that was named is not: it may lie on a disk that is not mounted. */
  readonly make: boolean;
}

/**
 * Refuses a folder for backups that lies in the data folder or among the keys.
 * @throws FolderError
 */
export function checkBackupFolder(folder: string, dataFolder: string, keyFolder: string): void {
  if (isInside(folder, dataFolder)) {
    throw new FolderError(
      `The folder for backups ${folder} must not lie in the data folder ${dataFolder}: what takes the one away would take the other. Choose another with --backup-folder FOLDER.`,
    );
  }
  if (isInside(folder, keyFolder)) {
    throw new FolderError(
      `The folder for backups ${folder} must not lie among the keys in ${keyFolder}: who has both can read everything. Choose another with --backup-folder FOLDER.`,
    );
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== '..');
}

/** Attendance needs some room as well, where it lies on the same disk. */
const leftFree = 200e6;
const maxLine = 16_384;
const problemOf: Readonly<Record<string, BackupProblem>> = {
  ENOENT: 'folder-missing',
  ENOTDIR: 'folder-missing',
  EACCES: 'folder-refused',
  EPERM: 'folder-refused',
  EROFS: 'folder-refused',
  ENOSPC: 'no-room',
  EDQUOT: 'no-room',
};

/** What went wrong, where the system said so; else `failed`. */
export function nameProblem(error: unknown): BackupProblem {
  const { code, cause } = error as NodeJS.ErrnoException;
  const { code: causeCode } = (cause ?? {}) as NodeJS.ErrnoException;
  return problemOf[code ?? causeCode ?? ''] ?? 'failed';
}

/** The folder in which a server makes backups. Other files in it are left alone. */
export class BackupFolder {
  readonly path: string;
  readonly #make: boolean;
  readonly #dataFolder: string | null;

  /** @param dataFolder of an embedded database; null on a server */
  constructor({ path, make }: BackupPlace, dataFolder: string | null) {
    this.path = path;
    this.#make = make;
    this.#dataFolder = dataFolder;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Makes the folder where that is ours to do; others on the machine cannot look into it. */
  async prepare(): Promise<void> {
    if (this.#make) await mkdir(this.path, { recursive: true, mode: 0o700 });
  }

  /**
   * Why no backup can be made here; null where nothing speaks against it.
   * @param bytes how many it may have
   */
  async findProblem(bytes: number): Promise<BackupProblem | null> {
    try {
      const folder = await this.#nearest();
      await access(folder, constants.W_OK);
      const { bavail, bsize } = await statfs(folder);
      const needed = bytes + ((await this.isOnDataDisk()) ? leftFree : 0);
      return bavail * bsize < needed ? 'no-room' : null;
    } catch (error) {
      return nameProblem(error);
    }
  }

  /** The folder, or where it would be made. */
  async #nearest(): Promise<string> {
    try {
      if ((await stat(this.path)).isDirectory()) return this.path;
    } catch (error) {
      if (this.#make && (error as NodeJS.ErrnoException).code === 'ENOENT')
        return dirname(this.path);
      throw error;
    }
    throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  }

  /** Whether a disk that is lost takes data and backups; null where that cannot be told. */
  async isOnDataDisk(): Promise<boolean | null> {
    const dataFolder = this.#dataFolder;
    if (dataFolder === null) return null;
    try {
      const [here, data] = await Promise.all([stat(await this.#nearest()), stat(dataFolder)]);
      return here.dev === data.dev;
    } catch {
      return null;
    }
  }

  /** How many bytes a backup may have: as many as the data, or on a server about as many as the newest one. */
  async measure({ made }: BackupState): Promise<number> {
    const dataFolder = this.#dataFolder;
    const file = dataFolder && (await stat(join(dataFolder, databaseName)).catch(() => null));
    return file ? file.size : (made.at(-1)?.bytes ?? 0);
  }

  /** Names of all files. */
  async list(): Promise<ReadonlySet<string>> {
    return new Set(await readdir(this.path));
  }

  /** Whether the file is still the one that was made: its first line says so, and nothing is cut off. */
  async isWhole({ name, bytes, mark }: KnownBackup): Promise<boolean> {
    try {
      const { size } = await stat(this.file(name));
      return size === bytes && (await this.readMark(name)) === mark;
    } catch {
      return false;
    }
  }

  /** Tells a backup from any other: SHA-256 of its first line, in which something is random. */
  async readMark(name: string): Promise<string> {
    const handle = await open(this.file(name));
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxLine), 0, maxLine, 0);
      const end = buffer.subarray(0, bytesRead).indexOf(10);
      return createHash('sha256')
        .update(buffer.subarray(0, end < 0 ? bytesRead : end))
        .digest('hex');
    } finally {
      await handle.close();
    }
  }

  async remove(name: string): Promise<void> {
    await unlink(this.file(name));
  }

  /** Removes what a process left that was ended while it made the backup of this name. */
  async clean(name: string): Promise<void> {
    const names = await readdir(this.path).catch(() => []);
    const left = names.filter(
      (file) =>
        file.startsWith(`${name}.`) &&
        /^\.[\da-f]{8}\.(part|copy(-(journal|wal|shm))?)$/.test(file.slice(name.length)),
    );
    for (const file of left) await this.remove(file).catch(() => {});
  }
}
