import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PairedTerminal } from '../core/terminal.wire.ts';

/** What a paired terminal knows of its server. */
export interface Pairing extends PairedTerminal {
  readonly origin: string;
}

/** A check-in that was typed and not yet answered. What was typed is in the box, which only the server opens. */
export interface Waiting {
  readonly attempt: string;
  /** When it was typed, by this machine's clock, epoch ms. */
  readonly at: number;
  readonly box: string;
}

const pairingName = 'pairing.json';
const waitingName = /^([0-9a-f-]{36})\.json$/;

/** Files of a shared terminal: each is written whole and synced before it counts, so a killed process loses nothing. */
export class KioskFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async readPairing(): Promise<Pairing | null> {
    const kept = await this.#read<Pairing>(pairingName);
    // a pairing of an older Muster has no zone: the server says it
    return kept && { ...kept, zone: kept.zone ?? 'UTC' };
  }

  keepPairing(pairing: Pairing): Promise<void> {
    return this.#write(pairingName, pairing);
  }

  async forgetPairing(): Promise<void> {
    await rm(join(this.path, pairingName), { force: true });
  }

  /** Keeps a check-in until it is answered. */
  keep(waiting: Waiting): Promise<void> {
    return this.#write(`${waiting.attempt}.json`, waiting);
  }

  async drop({ attempt }: Waiting): Promise<void> {
    await rm(join(this.path, `${attempt}.json`), { force: true });
  }

  /** What still waits, the oldest first. */
  async list(): Promise<Waiting[]> {
    const names = await readdir(this.path).catch(() => []);
    const found = await Promise.all(
      names.filter((name) => waitingName.test(name)).map((name) => this.#read<Waiting>(name)),
    );
    return found.filter((each) => each !== null).sort((left, right) => left.at - right.at);
  }

  async #read<T>(name: string): Promise<T | null> {
    const text = await readFile(join(this.path, name), 'utf8').catch(() => '');
    try {
      return JSON.parse(text) as T;
    } catch {
      return null;
    }
  }

  async #write(name: string, value: unknown): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const path = join(this.path, name);
    const draft = `${path}.draft`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(this.path);
  }
}

/** A rename is on the disk when its folder is; not every system lets a folder be synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
