// The real `muster` command in a real pseudo-terminal, with a home folder of its own.
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { root } from '../house.ts';

const patienceMs = 45_000;

export const keys = {
  enter: '\r',
  down: '\x1b[B',
  up: '\x1b[A',
  escape: '\x1b',
  stop: '\x03',
  clear: '\x15',
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

  /** What was written after what was found last, without colours and movements. */
  get text(): string {
    return this.all.slice(this.#seen);
  }

  /** Waits until something is written that was not looked at yet. */
  async sees(pattern: string): Promise<void> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const at = this.text.indexOf(pattern);
      if (at >= 0) {
        this.#seen += at + pattern.length;
        return;
      }
      if (this.#isOver || performance.now() > until)
        throw new Error(`the terminal does not show "${pattern}":\n${this.text}`);
      await setTimeout(20);
    }
  }

  /** Everything so far, without colours and movements. */
  get all(): string {
    return stripVTControlCharacters(this.raw);
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
    const until = performance.now() + patienceMs;
    for (;;) {
      const screen = await this.screen();
      if (typeof pattern === 'string' ? screen.includes(pattern) : pattern.test(screen))
        return screen;
      if (this.#isOver || performance.now() > until)
        throw new Error(`the window does not show ${pattern}:\n${screen}`);
      await setTimeout(20);
    }
  }

  type(text: string): void {
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

  /** Waits for a menu and goes down to its line of this number, from 0. */
  async pick(question: string, line: number): Promise<void> {
    await this.sees(question);
    for (let step = 0; step < line; step += 1) this.type(keys.down);
    this.type(keys.enter);
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
