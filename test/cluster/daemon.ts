import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './server-folder.ts';

export interface DaemonOptions {
  /** What to call it in messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly account?: Account | null;
  readonly env?: Readonly<Record<string, string>>;
}

const patienceMs = 60_000;
const graceMs = 20_000;
const running = new Set<Daemon>();

// a test run that ends early leaves nothing behind
process.on('exit', () => {
  for (const daemon of running) daemon.signal('SIGKILL');
});

/** A server program in a process group of its own. */
export class Daemon implements AsyncDisposable {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #said = '';
  #over = false;

  constructor({ name, command, args, cwd, account, env }: DaemonOptions) {
    this.name = name;
    const { PATH } = process.env;
    this.#child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
      env: { PATH, LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-200_000);
      });
    }
    running.add(this);
    this.ended = once(this.#child, 'exit').then(([code, signal]) => {
      this.#over = true;
      running.delete(this);
      return { code, signal };
    });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get isRunning(): boolean {
    return !this.#over;
  }

  /** The end of what it said, on both channels. */
  get said(): string {
    return this.#said;
  }

  /**
   * Waits until `check` is content; what it throws counts as "not yet".
   * @throws where the program ends before, or where it takes too long
   */
  async until(check: () => boolean | Promise<boolean>): Promise<void> {
    const until = performance.now() + patienceMs;
    let last: unknown = '';
    while (!this.#over && performance.now() < until) {
      try {
        if (await check()) return;
      } catch (error) {
        last = error;
      }
      await sleep(50);
    }
    const how = this.#over ? 'ended early' : 'is not ready in time';
    throw new Error(`${this.name} ${how}: ${last}\n${this.#said.slice(-5_000)}`);
  }

  /** To the program and all that it started. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // it is over
    }
  }

  /** To the program alone: what it started is its own affair. */
  tell(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** SIGKILL: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  /** Ends it as a service manager does, and kills it where it does not end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.tell(signal);
    const late = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(late);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
