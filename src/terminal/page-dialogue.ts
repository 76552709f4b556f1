import { autocomplete, confirm, isCancel, log, password, select, text } from '@clack/prompts';
import { Back, type Choice, checkAnswer, type Dialogue, plainText, type Wish } from './dialogue.ts';
import { intoWidth, wrap } from './width.ts';

/** Lists longer than this are searched by typing. */
const shortList = 12;
const leastColumns = 20;

/** Asks with menus and fields that are drawn and redrawn. */
export function openPage(output: NodeJS.WriteStream): Dialogue {
  const room = (lead: number): number => Math.max(leastColumns, output.columns - lead);
  const cut = (line: string, lead = 6): string => intoWidth(plainText(line), room(lead)).trimEnd();
  const toOption = <T>({ value, label, hint }: Choice<T>) =>
    ({ value, label: cut(label), ...(hint ? { hint: plainText(hint) } : {}) }) as never;

  return {
    linear: false,
    say(...lines) {
      for (const line of lines.flatMap((each) => wrap(plainText(each), room(1))))
        output.write(`${line}\n`);
    },
    complain: (line) => log.error(wrap(plainText(line), room(4)).join('\n')),
    async choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T> {
      const shared = {
        message: cut(question),
        options: choices.map(toOption),
        maxItems: Math.max(3, output.rows - 7),
      };
      const answer = choices.length > shortList ? await autocomplete(shared) : await select(shared);
      if (isCancel(answer) || answer === undefined) throw new Back();
      return answer as T;
    },
    async ask(question, wish: Wish = {}) {
      const { initial } = wish;
      const answer = await text({
        message: cut(question),
        ...(initial === undefined ? {} : { initialValue: initial }),
        validate: (typed) => checkAnswer(typed ?? '', wish) ?? undefined,
      });
      if (isCancel(answer)) throw new Back();
      return (answer ?? '').trim();
    },
    async askSecret(question) {
      const answer = await password({
        message: cut(question),
        mask: '*',
        validate: (typed) => checkAnswer(typed ?? '') ?? undefined,
      });
      if (isCancel(answer)) throw new Back();
      return answer;
    },
    async confirm(question) {
      const answer = await confirm({ message: cut(question), initialValue: false });
      if (isCancel(answer)) throw new Back();
      return answer;
    },
    lend: (work) => work(),
    [Symbol.dispose]() {},
  };
}
