import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Back, type Choice, checkAnswer, type Dialogue, Gone, type Wish } from './dialogue.ts';
import { escapeCodeTimeout, Keyboard } from './keyboard.ts';
import { plainText } from './width.ts';

/** An empty line leaves what stands; what may be empty is emptied by a dash. */
function answerOver(initial: string, typed: string, { optional }: Wish): string {
  if (typed === '') return initial;
  return optional && typed === '-' ? '' : typed;
}

/**
 * Asks line by line, for screen readers and for input that is piped in: nothing is redrawn, no colours, choices by
 * their number.
 */
export function openLines(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Dialogue {
  const waiting: string[] = [];
  const keyboard = input.isTTY ? new Keyboard(input) : null;
  let reader: Interface | null = null;
  let isOver = false;
  let isSecret = false;
  let wake: ((line: string | Error) => void) | null = null;

  // readline writes here what is typed: a secret is swallowed
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (!isSecret) output.write(chunk);
      done();
    },
  });
  const say = (line: string): void => void output.write(`${plainText(line)}\n`);

  function open(): void {
    reader = createInterface({
      input: keyboard ?? input,
      output: echo,
      terminal: keyboard !== null,
      escapeCodeTimeout,
      // the arrow keys would bring back what was typed before, secrets too
      historySize: 0,
    });
    reader.on('line', (line) => {
      if (wake) wake(line);
      else waiting.push(line);
    });
    reader.on('SIGINT', back);
    keyboard?.on('keypress', hearEscape);
    reader.on('SIGTSTP', () => {});
    reader.on('close', hangUp);
  }

  function hangUp(): void {
    reader = null;
    isOver = true;
    wake?.(new Gone());
  }

  /** What was typed of an answer goes with the reader. */
  function drop(): void {
    keyboard?.off('keypress', hearEscape);
    // readline has a listener of its own, which lets go of the keys
    reader?.off('close', hangUp);
    reader?.close();
    reader = null;
  }

  function back(): void {
    if (!wake) return;
    drop();
    wake(new Back());
  }

  function hearEscape(_text: string, { name }: { name?: string }): void {
    if (name === 'escape') back();
  }

  function close(): void {
    drop();
    keyboard?.rest();
  }

  function next(prompt: string): Promise<string> {
    if (!reader && !isOver) open();
    keyboard?.attend();
    const shown = `${plainText(prompt)} `;
    output.write(shown);
    // where what is typed is corrected, the line is written again
    reader?.setPrompt(shown);
    const early = waiting.shift();
    if (early !== undefined) return Promise.resolve(early);
    if (isOver) return Promise.reject(new Gone());
    return new Promise((resolve, reject) => {
      wake = (line) => {
        wake = null;
        output.write(isSecret || !input.isTTY || line instanceof Error ? '\n' : '');
        if (line instanceof Error) reject(line);
        else resolve(line);
      };
    });
  }

  async function ask(question: string, wish: Wish = {}): Promise<string> {
    const initial = wish.initial ?? wish.otherwise;
    for (;;) {
      const empties = wish.optional ? ', - for none' : '';
      const prompt = initial ? `${question} [${initial}${empties}]` : question;
      const typed = (await next(prompt.endsWith('?') ? prompt : `${prompt}:`)).trim();
      const answer = initial ? answerOver(initial, typed, wish) : typed;
      const problem = checkAnswer(answer, wish);
      if (problem === null) return answer;
      say(problem);
    }
  }

  return {
    linear: true,
    say: (...lines) => {
      for (const line of lines) say(line);
    },
    async read(lines) {
      for (const line of lines) say(line);
    },
    complain: (line) => say(`Not done: ${line}`),
    async choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T> {
      say(question);
      choices.forEach(({ label, hint }, index) => {
        say(`${index + 1}. ${label}${hint ? `, ${hint}` : ''}`);
      });
      for (;;) {
        const typed = (await next('Number, or b for back:')).trim();
        if (typed === 'b') throw new Back();
        const found = choices[Number(typed) - 1];
        if (found && /^\d+$/.test(typed)) return found.value;
        say(`Type a number from 1 to ${choices.length}.`);
      }
    },
    ask,
    async askSecret(question) {
      for (;;) {
        isSecret = true;
        const typed = await next(`${question} (not shown):`).finally(() => {
          isSecret = false;
        });
        const problem = checkAnswer(typed);
        if (problem === null) return typed;
        say(problem);
      }
    },
    async confirm(question) {
      for (;;) {
        const typed = (await next(`${question} y or n:`)).trim().toLowerCase();
        if (typed === 'y' || typed === 'yes') return true;
        if (typed === 'n' || typed === 'no') return false;
      }
    },
    rest: (ms) =>
      new Promise((resolve, reject) => {
        if (!reader && !isOver && keyboard) open();
        keyboard?.attend();
        const end = (then: () => void): void => {
          clearTimeout(timer);
          wake = null;
          then();
        };
        const timer = setTimeout(() => end(resolve), ms);
        wake = (line) => {
          if (line instanceof Error) end(() => reject(line));
          else waiting.push(line);
        };
      }),
    breakable: async (work) =>
      keyboard ? keyboard.breakable(work) : work(new AbortController().signal),
    async lend(work) {
      close();
      return work();
    },
    [Symbol.dispose]: close,
  };
}
