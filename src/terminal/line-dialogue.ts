import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import {
  Back,
  type Choice,
  checkAnswer,
  type Dialogue,
  Gone,
  plainText,
  type Wish,
} from './dialogue.ts';

/**
 * Asks line by line, for screen readers and for input that is piped in: nothing is redrawn, no colours, choices by
 * their number.
 */
export function openLines(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Dialogue {
  const waiting: string[] = [];
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
    reader = createInterface({ input, output: echo, terminal: input.isTTY === true });
    reader.on('line', (line) => {
      if (wake) wake(line);
      else waiting.push(line);
    });
    reader.on('SIGINT', () => wake?.(new Back()));
    // at a terminal the input goes on after ^D, and a shared one must not be left by it
    reader.on('SIGTSTP', () => {});
    reader.on('close', () => {
      reader = null;
      isOver = input.isTTY !== true;
      wake?.(isOver ? new Gone() : new Back());
    });
  }

  function close(): void {
    reader?.removeAllListeners('close');
    reader?.close();
    reader = null;
  }

  function next(prompt: string): Promise<string> {
    if (!reader && !isOver) open();
    output.write(`${plainText(prompt)} `);
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
    const { initial } = wish;
    for (;;) {
      const prompt = initial ? `${question} [${initial}]` : question;
      const typed = (await next(`${prompt}:`)).trim();
      const answer = typed === '' && initial !== undefined ? initial : typed;
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
    async lend(work) {
      close();
      return work();
    },
    [Symbol.dispose]: close,
  };
}
