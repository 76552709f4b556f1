import { autocomplete, confirm, isCancel, log, password, select, text } from '@clack/prompts';
import { Back, type Choice, checkAnswer, type Dialogue, Gone, type Wish } from './dialogue.ts';
import { hearKeys, Keyboard } from './keyboard.ts';
import { cutBetweenWords, intoWidth, plainText, widthOf, wrap } from './width.ts';

/** Lists longer than this are searched by typing. */
const shortList = 15;
const leastColumns = 20;
const leastRowsToSearch = 16;
/** Lines that a menu below a text takes at least. */
const leastMenu = 9;
/** Lines of a menu besides its question, its keys and its choices. */
const menuFrame = 2;
/** What the library writes below the choices of a list that is searched. */
const searchKeys = '↑/↓ to select • Enter: confirm • Type: to search';
/** Lines that a question may take. */
const questionLines = 2;
/** Columns below which a hint says too little. */
const leastHint = 8;
const clear = '\x1b[H\x1b[2J';

/** Asks with menus and fields that are drawn and redrawn. */
export function openPage(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Dialogue {
  const keyboard = new Keyboard(input);
  const hungUp = new AbortController();
  keyboard.on('end', () => hungUp.abort());
  const common = { input: keyboard, output, signal: hungUp.signal, withGuide: false };
  /** Lines of text since the page began: a menu leaves them in sight. */
  let told = 0;
  const tell = (lines: readonly string[]): void => {
    told += lines.length;
    output.write(`${lines.join('\n')}\n`);
  };
  const room = (lead: number): number => Math.max(leastColumns, output.columns - lead);
  const cut = (line: string, lead = 4): string => intoWidth(plainText(line), room(lead)).trimEnd();

  async function hear<T>(prompt: () => Promise<unknown>): Promise<T> {
    if (hungUp.signal.aborted) throw new Gone();
    keyboard.attend();
    const answer = await prompt();
    if (hungUp.signal.aborted) throw new Gone();
    if (isCancel(answer) || answer === undefined) throw new Back();
    return answer as T;
  }

  /**
   * Waits for a key, or no longer than `ms`.
   * @throws Back on ^C or Escape
   */
  async function nextKey(ms?: number): Promise<void> {
    if (hungUp.signal.aborted) throw new Gone();
    keyboard.attend();
    hearKeys(keyboard);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const press = (_text: string, { name, ctrl }: { name?: string; ctrl?: boolean }): void => {
      if (name === 'escape' || (ctrl && name === 'c')) reject(new Back());
      else if (ms === undefined) resolve();
    };
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    keyboard.on('keypress', press);
    keyboard.resume();
    hungUp.signal.addEventListener('abort', () => reject(new Gone()), { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      keyboard.off('keypress', press);
      keyboard.pause();
    }
  }

  /** A question over as many lines as it may take. */
  function ask(question: string): string {
    const [first = '', ...others] = wrap(plainText(question), room(4));
    if (others.length < questionLines) return [first, ...others].join('\n');
    return [first, cut(others.join(' '))].join('\n');
  }

  /**
   * The hint stands beside the label of the chosen line, where there is room for it. Both are cut anew whenever they are
   * drawn: the window may have another width then.
   */
  function toOption<T>({ value, label, hint = '' }: Choice<T>) {
    return {
      value,
      get label() {
        return cut(label);
      },
      get hint() {
        const left = room(8) - widthOf(cut(label));
        const shown = hint === '' || left < leastHint ? '' : cutBetweenWords(hint, left);
        return shown === '' ? undefined : shown;
      },
    };
  }

  /** Searching takes lines that a small window does not have: where it becomes one, the list is shown without. */
  async function pickSearched<T>(
    pick: (isSearched: boolean, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const isSmall = (): boolean => output.rows < leastRowsToSearch;
    const shrunk = new AbortController();
    const look = (): void => {
      if (isSmall()) shrunk.abort();
    };
    if (isSmall()) return pick(false, hungUp.signal);
    output.on('resize', look);
    try {
      return await pick(true, shrunk.signal);
    } catch (error) {
      if (!shrunk.signal.aborted || !(error instanceof Back)) throw error;
    } finally {
      output.off('resize', look);
    }
    output.write(clear);
    return pick(false, hungUp.signal);
  }

  return {
    linear: false,
    say(...lines) {
      tell(lines.flatMap((each) => wrap(plainText(each), room(1))));
    },
    async read(lines) {
      const all = lines.flatMap((each) => wrap(plainText(each), room(1)));
      const height = Math.max(4, output.rows - 2);
      const isShort = told + all.length <= output.rows - leastMenu;
      for (let from = 0; from < all.length; from += height) {
        tell(all.slice(from, from + height));
        if (isShort) return;
        output.write('-- any key goes on, Escape ends --');
        const isEnough = await nextKey().then(
          () => false,
          (error: unknown) => {
            if (error instanceof Back) return true;
            throw error;
          },
        );
        output.write('\r\x1b[K');
        told = 0;
        if (isEnough) return;
      }
    },
    complain: (line) =>
      log.error(wrap(plainText(line), room(4)).join('\n'), { output, withGuide: false }),
    async choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T> {
      const options = choices.map(toOption) as never[];
      const pick = async (isSearched: boolean, signal: AbortSignal): Promise<T> => {
        const shared = {
          ...common,
          get message() {
            return ask(question);
          },
          options,
          get maxItems() {
            const keyLines = isSearched ? 1 + wrap(searchKeys, output.columns).length : 1;
            const frame = menuFrame + ask(question).split('\n').length + keyLines;
            return output.rows - frame - told;
          },
          signal: AbortSignal.any([hungUp.signal, signal]),
        };
        return hear<T>(() => (isSearched ? autocomplete(shared) : select(shared)));
      };
      try {
        if (choices.length <= shortList) return await pick(false, hungUp.signal);
        return await pickSearched(pick);
      } finally {
        // each choice begins a page: what was shown before, a password perhaps, does not stay in sight
        output.write(clear);
        told = 0;
      }
    },
    async ask(question, wish: Wish = {}) {
      const { initial, otherwise } = wish;
      const answer = await hear<string>(() =>
        text({
          ...common,
          message: ask(question),
          ...(initial === undefined ? {} : { initialValue: initial }),
          ...(otherwise === undefined ? {} : { placeholder: otherwise }),
          validate: (typed) => checkAnswer(typed ?? '', wish) ?? undefined,
        }),
      );
      return answer.trim() || (otherwise ?? '');
    },
    askSecret: (question) =>
      hear<string>(() =>
        password({
          ...common,
          message: ask(question),
          mask: '*',
          validate: (typed) => checkAnswer(typed ?? '') ?? undefined,
        }),
      ),
    confirm: (question) =>
      hear<boolean>(() => confirm({ ...common, message: ask(question), initialValue: false })),
    rest: (ms) => nextKey(ms),
    breakable: (work) => keyboard.breakable(work),
    async lend(work) {
      keyboard.rest();
      return work();
    },
    [Symbol.dispose]: () => keyboard.rest(),
  };
}
