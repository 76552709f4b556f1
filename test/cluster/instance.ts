import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../house.ts';
import { Daemon } from './daemon.ts';
import { freePort } from './free-port.ts';
import { started } from './started.ts';

export interface InstanceOptions {
  /** The database's address, as `--database` takes it. */
  readonly database: string;
  /** The bus's address, where the database has none of its own. */
  readonly bus?: string;
  /** The folder of the keys; the instance gets a copy. */
  readonly keys: string;
  readonly publicOrigin: string;
}

/** One instance of Muster: the real command, with folders and a port of its own. */
export class Instance implements AsyncDisposable {
  readonly #options: InstanceOptions;
  readonly #folder: string;
  #daemon: Daemon | null = null;
  /** The same after a restart: whoever stands in front knows it. */
  readonly port: number;

  private constructor(options: InstanceOptions, folder: string, port: number) {
    this.#options = options;
    this.#folder = folder;
    this.port = port;
  }

  static async start(options: InstanceOptions): Promise<Instance> {
    const folder = await mkdtemp(join(tmpdir(), 'muster-cluster-instance-'));
    const instance = new Instance(options, folder, await freePort());
    await cp(options.keys, join(folder, 'keys'), { recursive: true });
    return started(instance, () => instance.launch());
  }

  async launch(): Promise<void> {
    const { database, bus, publicOrigin } = this.#options;
    this.#daemon = new Daemon({
      name: `instance on ${this.port}`,
      command: process.execPath,
      args: [
        ...[join(root, 'bin/muster.js'), 'start', '--host', '127.0.0.1', '--port', `${this.port}`],
        ...['--https-port', 'off', '--no-open', '--day-files', 'off'],
        ...['--public-origin', publicOrigin, '--trusted-proxy', '127.0.0.1'],
        ...['--data', join(this.#folder, 'data'), '--keys', join(this.#folder, 'keys')],
        ...(bus === undefined ? [] : ['--bus', bus]),
      ],
      cwd: this.#folder,
      env: { HOME: this.#folder, TMPDIR: this.#folder, MUSTER_DATABASE: database },
    });
    await this.#daemon.until(async () => {
      const reply = await fetch(`${this.origin}/readyz`);
      if (reply.status !== 200) throw new Error(await reply.text());
      return true;
    });
  }

  /** Past whatever stands in front. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.#daemon?.isRunning ?? false;
  }

  get said(): string {
    return this.#daemon?.said ?? '';
  }

  /** SIGKILL: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    await this.#daemon?.kill();
  }

  /** As a service manager stops it. */
  async stop(): Promise<void> {
    await this.#daemon?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon?.[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
