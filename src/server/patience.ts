import { type Refusal, refuse } from '../core/refusal.ts';
import type { App } from './app.ts';

/** A phone waits eight seconds for an answer (src/web/phone/ask.ts): before that it is told to come again. */
const patienceMs = 6_000;

/**
 * What `work` comes to, or `database-away` where a phone would not wait for it any longer. The work goes on: whoever
 * repeats the same attempt is told what became of it.
 */
export async function withinPatience<T>(
  { databaseAway }: Pick<App, 'databaseAway'>,
  work: Promise<T>,
  longestMs = patienceMs,
): Promise<T | Refusal> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Refusal>((resolve) => {
    timer = setTimeout(() => {
      work.catch((error: unknown) => databaseAway.log(error, 'an answer that came too late'));
      resolve(refuse('database-away'));
    }, longestMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
