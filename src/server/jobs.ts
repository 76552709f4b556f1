import type { StreamName } from '../core/brand.ts';
import type { App } from './app.ts';
import { moveSession } from './session.ts';
import { finishClosings, runDueSessions } from './session-close.ts';

const everyMs = 1_000;

export interface Jobs extends AsyncDisposable {
  wake(streams: readonly StreamName[]): void;
}

/** What runs without anybody asking: sessions that open and close by the clock. One round at a time. */
export async function startJobs(app: App): Promise<Jobs> {
  await finishClosings(app);
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= runDueSessions(app, (id) => moveSession(app, 'job', id, 'open'))
      .catch((error: unknown) => app.log.error({ err: error }, 'session job'))
      .finally(() => {
        running = null;
      });
  }, everyMs);
  return {
    wake: () => {},
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
}
