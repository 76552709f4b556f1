// The real `muster` command in a real pseudo-terminal, with a home folder of its own.
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { root } from '../house.ts';

const patienceMs = 60_000;
const lookEveryMs = 20;

export const keys = {
  enter: '\r',
  down: '\x1b[B',
  up: '\x1b[A',
  escape: '\x1b',
  stop: '\x03',
  clear: '\x15',
  rubOut: '\x7f',
};

/** A command in a terminal of 80 by 24, unless told. */
export class PseudoTerminal implements AsyncDisposable {
  readonly #pty: IPty;
  readonly ended: Promise<number>;
  readonly #window: xterm.Terminal;
  #isOver = false;
  /** Everything that was written, as it came. */
  raw = '';
  /** Where the part begins that was not looked at yet. */
  #seen = 0;
  /** Where the part begins that was written after the last key. */
  #typedAt = 0;

  constructor(
    home: string,
    args: readonly string[],
    { columns = 80, rows = 24, env = {} as Record<string, string> } = {},
  ) {
    const { PATH = '' } = process.env;
    this.#pty = spawn(process.execPath, [join(root, 'bin/muster.js'), ...args], {
      cols: columns,
      rows,
      cwd: home,
      env: { PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env },
    });
    this.#window = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#pty.onData((text) => {
      this.raw += text;
      this.#window.write(text);
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#isOver = true;
        resolve(exitCode);
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Everything so far, without colours and movements. */
  get all(): string {
    return stripVTControlCharacters(this.raw);
  }

  /** What was written since something was typed last, as it came; all of it where nothing was. */
  get sinceTyped(): string {
    return this.raw.slice(this.#typedAt);
  }

  get isTyped(): boolean {
    return this.#typedAt > 0;
  }

  /** Waits until something is written that was not looked at yet. */
  async sees(pattern: string): Promise<void> {
    const at = (): number => this.all.indexOf(pattern, this.#seen);
    await this.until(() => at() >= 0, `the terminal does not show "${pattern}"`);
    this.#seen = at() + pattern.length;
  }

  /** What a person sees now: the lines of the window, without the empty ones at its end. */
  async screen(): Promise<string> {
    await new Promise<void>((done) => this.#window.write('', done));
    const { active } = this.#window.buffer;
    const lines = Array.from(
      { length: this.#window.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
    return lines.join('\n').trimEnd();
  }

  /** Waits until the window shows it. */
  async shows(pattern: string | RegExp): Promise<string> {
    let screen = '';
    await this.until(async () => {
      screen = await this.screen();
      return typeof pattern === 'string' ? screen.includes(pattern) : pattern.test(screen);
    }, `the window does not show ${pattern}`);
    return screen;
  }

  /** Looks again and again until it holds; fails where it does not for long, or cannot any more. */
  async until(holds: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
    const end = performance.now() + patienceMs;
    for (;;) {
      const isLast = this.#isOver || performance.now() > end;
      if (await holds()) return;
      if (isLast) throw new Error(`${complaint}:\n${this.all.slice(this.#seen)}`);
      await setTimeout(lookEveryMs);
    }
  }

  type(text: string): void {
    this.#typedAt = this.raw.length;
    this.#pty.write(text);
  }

  /** Bytes as they are, which may be no text. */
  write(bytes: Buffer): void {
    // the library takes bytes too, its types do not say so
    this.#pty.write(bytes as unknown as string);
  }

  /** Waits for a question, then answers it with Enter. */
  async answer(question: string, text: string): Promise<void> {
    await this.sees(question);
    this.type(text + keys.enter);
  }

  resize(columns: number, rows: number): void {
    this.#window.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: string): void {
    if (!this.#isOver) this.#pty.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL');
    await this.ended;
  }
}
