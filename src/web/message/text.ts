import { signal } from '@preact/signals';
import type { Problem } from '../../client/request.ts';
import { en } from './en.ts';
import { formatMessage } from './format.ts';
import type { Needs, Values } from './message.ts';
import { vocabulary } from './vocabulary.ts';

export type Key = keyof typeof en;

/** Keys of texts that stand by themselves. */
export type PlainKey = {
  [K in Key]: [Needs<(typeof en)[K]>] extends [never] ? K : never;
}[Key];

/** The organisation's words; set on signing in. A page that shows texts follows it. */
export const words = signal(vocabulary.school);

/** The text of a key, with its values filled in: `text('group.people', { count: 3 })`. */
export function text<K extends Key>(
  key: K,
  ...values: [Needs<(typeof en)[K]>] extends [never]
    ? []
    : [Readonly<Record<Needs<(typeof en)[K]>, string | number>>]
): string {
  return formatMessage(en[key], values[0] ?? {}, words.value, undefined);
}

/** What happened and what to do, for a refusal of the server. */
export function problemText(problem: Pick<Problem, 'code' | 'detail'>): string {
  const values: Values = { ...problem.detail };
  const sentence = formatMessage(en[`problem.${problem.code}`], values, words.value, undefined);
  const seconds = problem.detail.retryAfter;
  return typeof seconds === 'number' ? `${sentence} ${text('part.wait', { seconds })}` : sentence;
}
