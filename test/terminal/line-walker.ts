import { stripVTControlCharacters } from 'node:util';
import { keys } from './pseudo-terminal.ts';
import { sure, Walker } from './walker.ts';

export const menuPrompt = 'Number, or b for back: ';

/** Reads lines up to the question that stands at their end. */
export class LineWalker extends Walker {
  readonly linear = true;

  async ready(): Promise<void> {
    await this.asked(menuPrompt);
  }

  async menu(): Promise<readonly string[]> {
    await this.ready();
    return [...(await this.#menuText()).matchAll(/^\d+\. (.*)$/gm)].map(([, label = '']) =>
      label.trim(),
    );
  }

  async choose(label: string): Promise<void> {
    const at = (await this.menu()).findIndex((line) => line.startsWith(label.slice(0, sure)));
    if (at < 0) throw new Error(`no "${label}" in:\n${await this.#menuText()}`);
    this.terminal.type(`${at + 1}${keys.enter}`);
  }

  async back(): Promise<void> {
    await this.ready();
    this.terminal.type(`b${keys.enter}`);
  }

  async asked(question: string): Promise<void> {
    const prompt = await this.prompt();
    if (!prompt.includes(question)) throw new Error(`"${prompt}" is asked, not "${question}"`);
  }

  async answer(question: string, text: string): Promise<void> {
    await this.asked(question);
    this.terminal.type(text + keys.enter);
  }

  confirm(question: string): Promise<void> {
    return this.answer(question, 'y');
  }

  /** Waits until something is asked: the line of the question. */
  async prompt(): Promise<string> {
    const said = await this.#said();
    return said.slice(said.lastIndexOf('\n') + 1);
  }

  async #menuText(): Promise<string> {
    const said = `\n${await this.#said()}`;
    return said.slice(said.lastIndexOf('\n1. '));
  }

  /** All that was said since something was typed: that comes back first and ends its line, a question ends without one. */
  async #said(): Promise<string> {
    const { terminal } = this;
    const said = (): string => stripVTControlCharacters(terminal.sinceTyped).replaceAll('\r', '');
    await terminal.until(
      () => (!terminal.isTyped || said().includes('\n')) && /[:?] $/.test(said()),
      'nothing is asked',
    );
    return said();
  }
}
