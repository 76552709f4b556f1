import { type Answer, ask } from './ask.ts';

export interface Persistence {
  /** Called after every try that brought no answer. */
  readonly onSilence: () => void;
  /** Set to end the tries without an answer. */
  stopped: boolean;
}

const longestMs = 15_000;

/** Waits; unless the server named the time, not longer than until the network or the reader comes back. */
function pause(waitMs: number, byServer: boolean): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      removeEventListener('online', wake);
      removeEventListener('focus', wake);
      resolve();
    };
    const timer = setTimeout(wake, waitMs);
    if (byServer) return;
    addEventListener('online', wake);
    addEventListener('focus', wake);
  });
}

/**
 * Sends the same body again and again until it is answered: after 1, 2, 4 ... 15 s with jitter, later where the
 * server asks for it.
 * @returns undefined where it was stopped.
 */
export async function persist<T>(
  path: string,
  proof: string,
  body: unknown,
  persistence: Persistence,
): Promise<Exclude<Answer<T>, { kind: 'silent' }> | undefined> {
  for (let delayMs = 1_000; ; delayMs = Math.min(delayMs * 2, longestMs)) {
    const answer = await ask<T>(path, proof, body);
    if (persistence.stopped) return undefined;
    if (answer.kind !== 'silent') return answer;
    persistence.onSilence();
    await pause(answer.afterMs + delayMs * (0.5 + Math.random() / 2), answer.afterMs > 0);
    if (persistence.stopped) return undefined;
  }
}
