import type { Answer, Problem } from '../client/request.ts';
import type { Me } from '../core/account.wire.ts';
import { Back, type Dialogue } from './dialogue.ts';
import type { Away, Visit } from './visit.ts';

/** Between two tries, while the server is away. */
const awayMs = 1_000;

/** Where the person at the terminal is: signed in at a server, in a dialogue. */
export interface Place {
  readonly dialogue: Dialogue;
  readonly visit: Visit;
  readonly me: Me;
  /** The sentence for a refusal. */
  readonly explain: (problem: Problem) => string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Keeps a text as a file of this name where the command was started; answers with its path. */
  readonly keepFile: (name: string, text: string) => Promise<string>;
}

/** The server said no: told to the person, who goes on from the menu. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly code: Problem['code'];

  constructor(code: Problem['code'], sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/**
 * The value of an answer.
 * @throws Trouble with the server's reason
 */
export function granted<T>({ explain }: Pick<Place, 'explain'>, answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new Trouble(answer.problem.code, explain(answer.problem));
}

/** Tells the person once that the server is away, and looks again each second; ^C ends that. */
export function waitAt(dialogue: Dialogue): Away {
  let isTold = false;
  return {
    during: (ask) => dialogue.breakable(ask),
    async wait() {
      if (!isTold) dialogue.say('The server does not answer: trying again. Ctrl+C gives up.');
      isTold = true;
      await dialogue.rest(awayMs).catch((error: unknown) => {
        isTold = false;
        throw error;
      });
    },
    back() {
      isTold = false;
      dialogue.say('The server is back.');
    },
  };
}

/** A line of a menu and what it leads to. */
export interface MenuItem {
  readonly label: string;
  readonly hint?: string;
  readonly run: () => Promise<void>;
}

/** How a menu is left. */
export interface MenuEnd {
  /** What stepping back is called. */
  readonly leave?: string;
  /** Whether there is nothing to choose any more. */
  readonly until?: () => boolean;
}

/** A menu, over and over until the person steps back. What is refused is said, and the menu is there again. */
export async function runMenu(
  place: Pick<Place, 'dialogue'>,
  question: () => string,
  items: () => Promise<readonly MenuItem[]> | readonly MenuItem[],
  { leave = 'Back', until = () => false }: MenuEnd = {},
): Promise<void> {
  const { dialogue } = place;
  while (!until()) {
    let shown: readonly MenuItem[] = [];
    const isThere = await attempt(dialogue, async () => {
      shown = await items();
    });
    // where the menu itself cannot be had, there is nothing to stay for
    if (!isThere) return;
    const choices = shown.map((item) => ({
      value: item as MenuItem | null,
      label: item.label,
      ...(item.hint ? { hint: item.hint } : {}),
    }));
    let chosen: MenuItem | null = null;
    const answered = await attempt(dialogue, async () => {
      chosen = await dialogue.choose(question(), [...choices, { value: null, label: leave }]);
    });
    if (!answered || !chosen) return;
    await attempt(dialogue, (chosen as MenuItem).run);
  }
}

/** Whether it was done; a refusal is said, a step back is silent. A sign-in that has ended goes up to the top. */
async function attempt(dialogue: Dialogue, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Back) return false;
    if (!(error instanceof Trouble) || error.code === 'sign-in-needed') throw error;
    dialogue.complain(error.message);
    return false;
  }
}
