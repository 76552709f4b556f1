import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A key that is missing, damaged or not ours; the message says what to do. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

const keyLength = 32;

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

  async readEpoch(epoch: number): Promise<Uint8Array> {
    return this.#read(`epoch-${epoch}.key`);
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

  /** Overwrites and removes an epoch's key: whatever was wrapped under it is gone. */
  async destroyEpoch(epoch: number): Promise<void> {
    const path = join(this.path, `epoch-${epoch}.key`);
    const handle = await open(path, 'r+');
    try {
      await handle.write(randomBytes(64), 0, 64, 0);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await unlink(path);
  }

  /** Puts a recovered master key in place, only where none is. */
  async importMaster(key: Uint8Array): Promise<void> {
    await this.#write('master.key', key);
  }

  /** Puts a recovered epoch key in place, only where none is. */
  async importEpoch(epoch: number, key: Uint8Array): Promise<void> {
    await this.#write(`epoch-${epoch}.key`, key);
  }

  async has(name: 'master.key' | `epoch-${number}.key`): Promise<boolean> {
    return stat(join(this.path, name)).then(
      () => true,
      () => false,
    );
  }

  async #read(name: string): Promise<Uint8Array> {
    const path = join(this.path, name);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        throw new KeyError(
          `The key ${path} is missing. Put it back from a copy (or point --keys to its folder); Muster never makes a new key for existing data.`,
        );
      }
      throw new KeyError(
        `The key ${path} cannot be read (${error.code}). Check who owns the file.`,
      );
    });
    const key = Buffer.from(text.trim(), 'base64');
    if (key.length !== keyLength || key.toString('base64') !== text.trim()) {
      throw new KeyError(`The key ${path} is damaged. Put back an unchanged copy of it.`);
    }
    return key;
  }

  async #write(name: string, key: Uint8Array): Promise<void> {
    const path = join(this.path, name);
    if (await stat(path).catch(() => null))
      throw new KeyError(`The key ${path} is there already; it was left as it is.`);
    // where the master key comes from elsewhere, an epoch key is the first thing in here
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const temporary = `${path}.new`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${Buffer.from(key).toString('base64')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  }
}
