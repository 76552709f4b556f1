import { keys } from './pseudo-terminal.ts';
import { sure, Walker } from './walker.ts';

/** A menu that is drawn to its last line, and a text with more behind it. */
const openMenu = /◆[^◇]*●[^◇]*Enter: confirm|-- any key/;
/** Each choice begins a page. */
const newPage = '\x1b[H\x1b[2J';
/** A question that was answered, was refused, or was left. */
const isAnswered = /[◇▲■]/;
const most = 300;

/** Reads menus and fields on a page: each key waits for what the one before has done. */
export class PageWalker extends Walker {
  readonly linear = false;

  async ready(): Promise<void> {
    await this.terminal.shows(openMenu);
  }

  async menu(): Promise<readonly string[]> {
    return [...(await this.#open()).matchAll(/[●○] (.*)/g)].map(([, label = '']) => label);
  }

  async choose(label: string): Promise<void> {
    for (let step = 0; step < most; step += 1) {
      const screen = await this.#open();
      const [, here = ''] = /● (.*)$/m.exec(screen.slice(screen.lastIndexOf('◆'))) ?? [];
      if (here.startsWith(label.slice(0, sure))) return this.#leave(keys.enter);
      this.terminal.type(keys.down);
      await this.#changes(screen);
    }
    throw new Error(`no "${label}" in:\n${await this.terminal.screen()}`);
  }

  async back(): Promise<void> {
    await this.#open();
    await this.#leave(keys.stop);
  }

  async asked(question: string): Promise<void> {
    const wanted = question.slice(0, sure).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    await this.#readTo(new RegExp(`[◆▲] +${wanted}[^◇◆▲]*$|-- any key`));
  }

  async answer(question: string, text: string): Promise<void> {
    await this.asked(question);
    await this.#tell(text + keys.enter);
  }

  async confirm(question: string): Promise<void> {
    await this.asked(question);
    await this.#tell('y');
  }

  async #tell(text: string): Promise<void> {
    const { terminal } = this;
    terminal.type(text);
    await terminal.until(() => isAnswered.test(terminal.sinceTyped), 'the answer is not taken');
  }

  async #leave(key: string): Promise<void> {
    const { terminal } = this;
    terminal.type(key);
    await terminal.until(() => terminal.sinceTyped.includes(newPage), 'the menu stays');
  }

  /** The window with a menu that waits for a key; texts before it are read to their end. */
  #open(): Promise<string> {
    return this.#readTo(openMenu);
  }

  async #readTo(pattern: RegExp): Promise<string> {
    for (;;) {
      const screen = await this.terminal.shows(pattern);
      if (!screen.includes('-- any key')) return screen;
      this.terminal.type(' ');
      await this.#changes(screen);
    }
  }

  async #changes(before: string): Promise<void> {
    const { terminal } = this;
    await terminal.until(async () => (await terminal.screen()) !== before, 'no key does anything');
  }
}
