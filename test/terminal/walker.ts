import { setTimeout } from 'node:timers/promises';
import { keys, PseudoTerminal } from './pseudo-terminal.ts';

/** Looks again until it holds, or for so long, in ms. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error('the terminal does not say it');
    await setTimeout(20);
  }
}
const patienceMs = 45_000;

/** How wide and in which way a terminal shows things. */
export interface Manner {
  readonly columns?: number;
  readonly rows?: number;
  readonly linear?: boolean;
  readonly env?: Record<string, string>;
}

/** Columns that a question or a label has at least, whatever the window. */
const sure = 24;
const most = 300;
const quietMs = 150;
/** How long a key may take on a busy machine until the window shows it. */
const changedMs = 2_000;

/** Somebody at a terminal who reads what is there before each key: by labels, in menus and in lines. */
export class Walker implements AsyncDisposable {
  readonly terminal: PseudoTerminal;
  readonly linear: boolean;

  constructor(home: string, args: readonly string[], { linear = false, ...look }: Manner = {}) {
    this.linear = linear;
    this.terminal = new PseudoTerminal(home, linear ? [...args, '--linear'] : args, look);
  }

  /** The labels of the menu that is open, as lines read them; as a page, those in the window. */
  async menu(): Promise<readonly string[]> {
    const { all } = this.terminal;
    if (!this.linear)
      return [...(await this.#open()).matchAll(/[●○] (.*)/g)].map(([, to = '']) => to);
    await this.terminal.sees('Number, or b for back:');
    const shown = this.terminal.all.slice(all.lastIndexOf('\n1. '));
    return [...shown.matchAll(/^\d+\. (.*)$/gm)].map(([, label = '']) => label.trim());
  }

  /** Chooses the line of the menu that begins with this. */
  async choose(label: string): Promise<void> {
    const wanted = label.slice(0, sure);
    if (this.linear) {
      const { terminal } = this;
      await terminal.sees('Number, or b for back:');
      const shown = terminal.all.slice(terminal.all.lastIndexOf('\n1. '));
      const at = [...shown.matchAll(/^(\d+)\. (.*)$/gm)].find(([, , text = '']) =>
        text.startsWith(wanted),
      );
      if (!at) throw new Error(`no "${label}" in:\n${shown}`);
      terminal.type(at[1] + keys.enter);
      return;
    }
    for (let step = 0; step < most; step += 1) {
      const screen = await this.#open();
      const [, here = ''] = /● (.*)$/m.exec(screen.slice(screen.lastIndexOf('◆'))) ?? [];
      if (here.startsWith(wanted)) {
        this.terminal.type(keys.enter);
        await this.#changed(screen);
        return;
      }
      this.terminal.type(keys.down);
      await this.#changed(screen);
    }
    throw new Error(`no "${label}" in:\n${await this.terminal.screen()}`);
  }

  async answer(question: string, text: string): Promise<void> {
    await (this.linear ? this.terminal.sees(question) : this.asked(question));
    this.terminal.type(text + keys.enter);
  }

  /** Waits until this is what is asked. */
  async asked(question: string): Promise<void> {
    if (this.linear) return this.#says((text) => text.includes(question));
    const wanted = question.slice(0, sure).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    await this.#readTo(new RegExp(`[◆▲] +${wanted}[^◇◆▲]*$|-- any key`));
  }

  /** Waits for a menu, or for a text that is read first. */
  async ready(): Promise<void> {
    if (this.linear) await this.#says((text) => text.trimEnd().endsWith('b for back:'));
    else await this.terminal.shows(/◆[^◇]*●[^◇]*$|-- any key/);
  }

  async confirm(question: string): Promise<void> {
    await this.asked(question);
    this.terminal.type(this.linear ? `y${keys.enter}` : 'y');
  }

  /** One step back out of a menu. */
  async back(): Promise<void> {
    if (this.linear) {
      await this.terminal.sees('Number, or b for back:');
      this.terminal.type(`b${keys.enter}`);
      return;
    }
    const screen = await this.#open();
    this.terminal.type(keys.stop);
    await this.#changed(screen);
  }

  /** Waits until nothing is written for a moment. */
  async quiet(): Promise<string> {
    let before = -1;
    while (before !== this.terminal.raw.length) {
      before = this.terminal.raw.length;
      await setTimeout(quietMs);
    }
    return this.terminal.screen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminal[Symbol.asyncDispose]();
  }

  /** The window with a menu that waits for a key; texts before it are read to their end. */
  #open(): Promise<string> {
    return this.#readTo(/◆[^◇]*●[^◇]*$|-- any key/);
  }

  async #readTo(pattern: RegExp): Promise<string> {
    for (;;) {
      const screen = await this.terminal.shows(pattern);
      if (!screen.includes('-- any key')) return screen;
      this.terminal.type(' ');
      await this.#changed(screen);
    }
  }

  async #says(holds: (text: string) => boolean): Promise<void> {
    await until(() => holds(this.terminal.text));
  }

  async #changed(before: string): Promise<void> {
    for (let waited = 0; waited < changedMs; waited += 5) {
      if ((await this.terminal.screen()) !== before) return;
      await setTimeout(5);
    }
  }
}
