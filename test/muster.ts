// The real `muster` command in a process of its own, with a home folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from './house.ts';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const patienceMs = 120_000;

/** A command that runs. */
export class Muster implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly ended: Promise<Outcome>;
  out = '';
  err = '';

  /** @param inside a command line that runs what is added to it */
  constructor(home: string, args: readonly string[], inside: readonly string[] = []) {
    const { PATH, CI } = process.env;
    const line = [...inside, process.execPath, join(root, 'bin/muster.js'), ...args];
    this.#child = spawn(line[0] as string, line.slice(1), {
      cwd: home,
      env: { PATH, CI, HOME: home, USERPROFILE: home, TMPDIR: home, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.ended = once(this.#child, 'close').then(([code]) => {
      return { code: code as number | null, out: this.out, err: this.err };
    });
  }

  /** Waits for something to be said on stdout. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const until = performance.now() + patienceMs;
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    for (;;) {
      const found = pattern.exec(this.out);
      if (found) return found;
      if (over || performance.now() > until)
        throw new Error(`it did not say ${pattern}:\n${this.out}\n${this.err}`);
      await setTimeout(20);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it as a service manager does. */
  async stop(): Promise<Outcome> {
    this.signal('SIGTERM');
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      this.#child.kill('SIGKILL');
    await this.ended;
  }
}

/** Every file below a folder with its mode and a digest of what it holds. */
export function fingerprint(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => {
        const { mode } = statSync(path);
        const isFile = statSync(path).isFile();
        const digest = isFile ? createHash('sha256').update(readFileSync(path)).digest('hex') : '/';
        return [relative(folder, path), `${mode.toString(8)} ${digest}`];
      }),
  );
}
