import { adminEmail, adminPassword } from '../school.ts';
import type { PseudoTerminal } from './pseudo-terminal.ts';

/** Columns that a question or a label has at least, whatever the window. */
export const sure = 24;

/** Somebody at a terminal who reads what is there before each key. */
export abstract class Walker implements AsyncDisposable {
  readonly terminal: PseudoTerminal;

  constructor(terminal: PseudoTerminal) {
    this.terminal = terminal;
  }

  /** Whether they read lines rather than a page that is drawn. */
  abstract readonly linear: boolean;
  /** Waits for a menu, or for a text that is read first. */
  abstract ready(): Promise<void>;
  /** Waits for a menu; its labels, on a page those in the window. */
  abstract menu(): Promise<readonly string[]>;
  /** Chooses the line of the menu that begins with this. */
  abstract choose(label: string): Promise<void>;
  /** One step back out of a menu. */
  abstract back(): Promise<void>;
  /** Waits until this is what is asked. */
  abstract asked(question: string): Promise<void>;
  abstract answer(question: string, text: string): Promise<void>;
  abstract confirm(question: string): Promise<void>;

  async signIn(login = adminEmail, password = adminPassword): Promise<void> {
    await this.answer('Number or e-mail address', login);
    await this.answer('Password', password);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.terminal[Symbol.asyncDispose]();
  }
}
