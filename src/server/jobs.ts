import { destroyUnusedEpochs } from '../store/erasure.ts';
import type { App } from './app.ts';
import { moveSession } from './session.ts';
import { finishClosings, runDueSessions } from './session-close.ts';

const everyMs = 1_000;

/** What runs without anybody asking: sessions that open and close by the clock. */
export async function startJobs(app: App): Promise<AsyncDisposable> {
  await finishClosings(app);
  await destroyUnusedEpochs(app.store);
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= runDueSessions(app, (id) => moveSession(app, 'job', id, 'open'))
      .catch((error: unknown) => app.log.error({ err: error }, 'session job'))
      .finally(() => {
        running = null;
      });
  }, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
    },
  };
}
