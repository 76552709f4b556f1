import type { Place } from './place.ts';

/** How a text is read as a day or a time, and what is said where it is none. */
export interface Reading<T> {
  readonly read: (text: string) => T;
  readonly like: string;
}

export const aDay: Reading<Temporal.PlainDate> = {
  read: (text) => Temporal.PlainDate.from(text),
  like: 'A day is written like 2026-12-31.',
};

export const aTime: Reading<Temporal.PlainTime> = {
  read: (text) => Temporal.PlainTime.from(text),
  like: 'A time is written like 09:30.',
};

/** Asks until what is typed can be read; null where it stays empty. */
export async function askMaybe<T>(
  { dialogue }: Pick<Place, 'dialogue'>,
  question: string,
  reading: Reading<T>,
): Promise<T | null> {
  for (;;) {
    const typed = await dialogue.ask(question, { optional: true });
    if (typed === '') return null;
    const found = readAs(reading, typed);
    if (found !== null) return found;
    dialogue.complain(reading.like);
  }
}

/** Asks until what is typed can be read. */
export async function askFor<T>(
  { dialogue }: Pick<Place, 'dialogue'>,
  question: string,
  reading: Reading<T>,
  initial = '',
): Promise<T> {
  for (;;) {
    const found = readAs(reading, await dialogue.ask(question, { initial }));
    if (found !== null) return found;
    dialogue.complain(reading.like);
  }
}

function readAs<T>({ read }: Reading<T>, typed: string): T | null {
  try {
    return read(typed);
  } catch {
    return null;
  }
}
