/** One of several answers to a question. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** How an answer is asked for. */
export interface Wish {
  /** Stands there already, to be changed. */
  readonly initial?: string;
  /** What an empty answer means. */
  readonly otherwise?: string;
  /** An empty answer will do. */
  readonly optional?: boolean;
}

/** Speaks with the person at a terminal: a page that is drawn, or lines that a screen reader reads. */
export interface Dialogue extends Disposable {
  /** Whether nothing is ever redrawn. */
  readonly linear: boolean;
  say(...lines: readonly string[]): void;
  /** As `say`; where it is more than there is room for, the person turns the pages. */
  read(lines: readonly string[]): Promise<void>;
  /** What went wrong, and what to do. */
  complain(line: string): void;
  /** @throws Back on ^C or Escape, as each of the following */
  choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T>;
  ask(question: string, wish?: Wish): Promise<string>;
  /** The answer is not shown. */
  askSecret(question: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  /** Lets time pass. */
  rest(ms: number): Promise<void>;
  /** Does what may take its time: ^C meanwhile aborts the signal, and answers nothing that is asked later. */
  breakable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Gives the terminal to somebody else, such as a screen of its own, for as long as that takes. */
  lend<T>(work: () => Promise<T>): Promise<T>;
}

/** The person takes a step back: nothing of what was being asked is done. */
export class Back extends Error {
  override readonly name = 'Back';
}

/** Nobody is at the terminal any more. */
export class Gone extends Error {
  override readonly name = 'Gone';
}

/** More than anybody types: the server judges what is meant, this keeps a paste by mistake away from it. */
export const longest = 500;

/** Why a text cannot be an answer; null where it can. */
export function checkAnswer(
  text: string,
  { optional = false, otherwise }: Wish = {},
): string | null {
  if (!optional && otherwise === undefined && text.trim() === '')
    return 'Something has to be typed here.';
  if (text.length > longest) return `That is too long: at most ${longest} characters.`;
  if (text.includes('\ufffd')) return 'That was not readable: this terminal has to send UTF-8.';
  return null;
}
