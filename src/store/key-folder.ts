import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  chmod,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './sync-folder.ts';
import { writeWhole } from './whole-file.ts';

/** A key that is missing, damaged or not ours; the message says what to do. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

const keyLength = 32;
const masterNames = ['master.key', 'master-next.key', 'master-last.key'] as const;

/**
 * The keys of one installation: `master.key` and one `epoch-N.key` per epoch, each 32 random bytes in base64. They
 * lie outside the data folder and outside every backup.
 */
export class KeyFolder {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }

  async readMaster(): Promise<Uint8Array> {
    return this.#read('master.key');
  }

  /** The master keys that are here, `master.key` first: during a rotation the next or the last one too. */
  async listMasters(): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    for (const name of masterNames) if (await this.has(name)) found.push(await this.#read(name));
    return found;
  }

  /** Puts the next master key beside the one in use. */
  async createNext(): Promise<Uint8Array> {
    const key = randomBytes(keyLength);
    await this.#write('master-next.key', key);
    return key;
  }

  /** The next master key, where a rotation has made one and is not finished. */
  async readNext(): Promise<Uint8Array | null> {
    return (await this.has('master-next.key')) ? this.#read('master-next.key') : null;
  }

  /** Puts the next master key in place; the last one is kept aside until then, and destroyed. */
  async adoptNext(): Promise<void> {
    if (await this.has('master.key')) await this.retireMaster();
    await rename(join(this.path, 'master-next.key'), join(this.path, 'master.key'));
    await this.destroyRetired();
  }

  /** Keeps the master key aside: it is no longer the one in use. */
  async retireMaster(): Promise<void> {
    await rename(join(this.path, 'master.key'), join(this.path, 'master-last.key'));
  }

  /** Overwrites and removes the master key that was kept aside. */
  async destroyRetired(): Promise<void> {
    await this.#destroy('master-last.key');
    await syncFolder(this.path);
  }

  async readEpoch(epoch: number): Promise<Uint8Array> {
    return this.#read(`epoch-${epoch}.key`);
  }

  /**
   * An epoch's key that was made after the start, by another instance on the same database. Waits for the disk, once
   * in an epoch.
   */
  findEpoch(epoch: number): Uint8Array {
    const path = join(this.path, `epoch-${epoch}.key`);
    try {
      return decode(readFileSync(path, 'utf8'), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw explain(error, path);
      throw new KeyError(
        `The key ${path} is missing: another instance has made it for an erasure. Let all instances share one key folder, or copy the file here from the one that made it.`,
      );
    }
  }

  /** Makes the folder (0700) and the two first keys (0600). Never replaces a key that is there. */
  async create(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await chmod(this.path, 0o700);
    await this.#write('master.key', randomBytes(keyLength));
    await this.#write('epoch-1.key', randomBytes(keyLength));
  }

  async createEpoch(epoch: number): Promise<Uint8Array> {
    const key = randomBytes(keyLength);
    await this.#write(`epoch-${epoch}.key`, key);
    return key;
  }

  /** Overwrites and removes an epoch's key, if it is there: whatever was wrapped under it is gone. */
  async destroyEpoch(epoch: number): Promise<void> {
    await this.#destroy(`epoch-${epoch}.key`);
  }

  async #destroy(name: string): Promise<void> {
    const path = join(this.path, name);
    const handle = await open(path, 'r+').catch(ignoreMissing);
    if (handle === null) return;
    try {
      await handle.write(randomBytes(64), 0, 64, 0);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    // another instance may do the same at this moment
    await unlink(path).catch(ignoreMissing);
  }

  /** Puts a recovered master key in place, only where none is. */
  async importMaster(key: Uint8Array): Promise<void> {
    await this.#write('master.key', key);
  }

  /** Puts a recovered epoch key in place, only where none is. */
  async importEpoch(epoch: number, key: Uint8Array): Promise<void> {
    await this.#write(`epoch-${epoch}.key`, key);
  }

  /** The epochs whose keys are here. */
  async listEpochs(): Promise<number[]> {
    const names = await readdir(this.path).catch(ignoreMissing);
    const found = (names ?? []).flatMap((name) => /^epoch-(\d+)\.key$/.exec(name)?.[1] ?? []);
    return found.map(Number);
  }

  async has(name: (typeof masterNames)[number] | `epoch-${number}.key`): Promise<boolean> {
    return stat(join(this.path, name)).then(
      () => true,
      () => false,
    );
  }

  async #read(name: string): Promise<Uint8Array> {
    const path = join(this.path, name);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw explain(error, path);
    });
    return decode(text, path);
  }

  async #write(name: string, key: Uint8Array): Promise<void> {
    const path = join(this.path, name);
    const isThere = new KeyError(`The key ${path} is there already; it was left as it is.`);
    if (await stat(path).catch(() => null)) throw isThere;
    // where the master key comes from elsewhere, an epoch key is the first thing in here
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const text = `${Buffer.from(key).toString('base64')}\n`;
    await writeWhole(path, text, (draft) =>
      link(draft, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') throw isThere;
        // a disk that knows no links, such as a USB stick
        return rename(draft, path);
      }),
    );
    // nothing may lie under a key that a power cut takes away
    await syncFolder(this.path);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function explain(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof KeyError || code === undefined) return error;
  return new KeyError(
    code === 'ENOENT'
      ? `The key ${path} is missing. Put it back from a copy (or point --keys to its folder), or type the recovery sheet into: muster recover, with --backup FILE where a backup is all there is. Muster never makes a new key for existing data.`
      : `The key ${path} cannot be read (${code}). Check who owns the file.`,
  );
}

function decode(text: string, path: string): Uint8Array {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== keyLength || key.toString('base64') !== text.trim()) {
    throw new KeyError(`The key ${path} is damaged. Put back an unchanged copy of it.`);
  }
  return key;
}
