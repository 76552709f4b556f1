import type { Message, Values } from './message.ts';
import type { Words } from './vocabulary.ts';

/** Fills a message: plural form first, then values and words; numbers the reader's way. Pure. */
export function formatMessage(
  message: Message,
  values: Values,
  words: Words,
  locale: string | undefined,
): string {
  const form = pickForm(message, values);
  return form.replace(/\{([A-Za-z]+)\}/g, (whole, name: string) => {
    const value = values[name] ?? words[name as keyof Words];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : String(value);
  });
}

// The catalogue's language decides which form fits, not the reader's number format.
const plural = new Intl.PluralRules('en');

function pickForm(message: Message, values: Values): string {
  if (typeof message === 'string') return message;
  return plural.select(Number(values[message.by])) === 'one' ? message.one : message.other;
}
