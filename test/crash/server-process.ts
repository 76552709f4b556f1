import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Warning } from '../../src/core/organisation.wire.ts';
import type { DatabaseAddress } from '../../src/store/database-address.ts';

export interface ChildOptions {
  readonly dataFolder: string;
  readonly keyFolder: string;
  readonly dayFolder: string | null;
  /** Where it makes backups; else none. */
  readonly backupFolder?: string;
  readonly webFolder: string;
  readonly zone: string;
  readonly synchronous: 'FULL' | 'OFF';
  /** Where its clock begins. */
  readonly now: number;
  /** A database server; else the database in the data folder. */
  readonly address?: DatabaseAddress;
}

export type ChildRequest =
  | { readonly ask: 'stop' }
  | { readonly ask: 'warnings' }
  | { readonly ask: 'remove'; readonly path: string };

interface Ready {
  readonly pid: number;
  readonly port: number;
}

/** A server process, perhaps inside another program that watches it or gives it a disk of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #pid: number;
  readonly origin: string;

  private constructor(child: ChildProcess, exited: Promise<unknown>, { pid, port }: Ready) {
    this.#child = child;
    this.#exited = exited;
    this.#pid = pid;
    this.origin = `http://localhost:${port}`;
  }

  /** @param inside a command line that runs what is added to it, with the channel to us handed on */
  static async start(
    options: ChildOptions,
    inside: readonly string[] = [],
  ): Promise<ServerProcess> {
    const script = fileURLToPath(import.meta.resolve('./server-child.ts'));
    const [command, ...args] = [...inside, process.execPath, script, JSON.stringify(options)];
    const child = spawn(command as string, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
    });
    const exited = once(child, 'exit');
    const [ready] = await Promise.race([
      once(child, 'message') as Promise<[Ready]>,
      exited.then(([code, signal]) => {
        throw new Error(`the server ended with ${code ?? signal} before it was ready:\n${said}`);
      }),
    ]);
    return new ServerProcess(child, exited, ready);
  }

  /** SIGKILL: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    process.kill(this.#pid, 'SIGKILL');
    await this.#exited;
  }

  /** Stops as the product stops; tells how it ended. */
  async stop(): Promise<{ code: number | null; signal: string | null }> {
    this.#child.send({ ask: 'stop' } satisfies ChildRequest);
    const [code, signal] = (await this.#exited) as [number | null, string | null];
    return { code, signal };
  }

  /** What the server warns of now. */
  async warnings(): Promise<readonly Warning[]> {
    return this.#ask({ ask: 'warnings' });
  }

  /** Removes a file on the disk that only the server's process sees. */
  async remove(path: string): Promise<void> {
    await this.#ask({ ask: 'remove', path });
  }

  async #ask(request: ChildRequest): Promise<readonly Warning[]> {
    const answered = once(this.#child, 'message') as Promise<[{ warnings: readonly Warning[] }]>;
    this.#child.send(request);
    return (await answered)[0].warnings;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
  }
}
