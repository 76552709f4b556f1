import { createHash, randomBytes } from 'node:crypto';
import { access, type FileHandle, link, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { backupName } from '../core/backup-schedule.ts';
import type { Instant } from '../core/brand.ts';
import { BackupError } from './backup-error.ts';
import { syncFolder } from './sync-folder.ts';

/** Where a backup goes: a file of its own, or whoever reads a stream. */
export interface BackupTarget extends AsyncDisposable {
  /** The file that it gets, or null for a stream. */
  readonly file: string | null;
  /** What was written so far. */
  readonly written: { readonly bytes: number; readonly sha256: string };
  write(piece: Uint8Array): Promise<void>;
  /** Puts it on the disk; answers with the path under which it can be read back, or null for a stream. */
  settle(): Promise<string | null>;
  /** Gives the file its name unless somebody took that meanwhile. */
  giveName(): Promise<void>;
}

/**
 * A file, a folder in which the file is named after the time, or a stream.
 * @throws BackupError
 */
export async function openTarget(named: string | Writable, now: Instant): Promise<BackupTarget> {
  if (typeof named !== 'string') return streamTarget(named);
  const path = resolve(named);
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true;
  return fileTarget(isFolder ? join(path, backupName(now)) : path);
}

class Written {
  bytes = 0;
  readonly #hash = createHash('sha256');

  add(piece: Uint8Array): void {
    this.bytes += piece.length;
    this.#hash.update(piece);
  }

  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }
}

function streamTarget(stream: Writable): BackupTarget {
  const written = new Written();
  return {
    file: null,
    written,
    async write(piece) {
      written.add(piece);
      await new Promise<void>((done, fail) => {
        stream.write(piece, (error) => (error ? fail(error) : done()));
      });
    },
    settle: async () => null,
    giveName: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

async function fileTarget(file: string): Promise<BackupTarget> {
  const folder = await stat(dirname(file)).catch(() => null);
  if (!folder?.isDirectory()) {
    throw new BackupError(`The folder ${dirname(file)} is not there; nothing was written.`);
  }
  if (await isThere(file)) throw taken(file);
  const part = `${file}.${randomBytes(4).toString('hex')}.part`;
  let handle: FileHandle | null = await open(part, 'wx', 0o600);
  const written = new Written();
  const close = async () => {
    await handle?.close();
    handle = null;
  };
  return {
    file,
    written,
    async write(piece) {
      written.add(piece);
      await handle?.writeFile(piece);
    },
    async settle() {
      await handle?.sync();
      await close();
      return part;
    },
    async giveName() {
      await name(part, file);
      await syncFolder(dirname(file));
    },
    async [Symbol.asyncDispose]() {
      await close();
      await unlink(part).catch(() => {});
    },
  };
}

async function name(part: string, file: string): Promise<void> {
  try {
    await link(part, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // file systems of memory sticks know no links
    if (code === 'EEXIST' || (await isThere(file))) throw taken(file);
    await rename(part, file);
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const taken = (file: string): BackupError =>
  new BackupError(`The file ${file} is there already and was left as it is. Choose another name.`);
