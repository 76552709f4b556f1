import type { StreamName } from '../core/brand.ts';
import { destroyUnusedEpochs } from '../store/erasure.ts';
import type { App } from './app.ts';
import { DayFileWriter } from './day-file-writer.ts';
import { moveSession } from './session.ts';
import { finishClosings, runDueSessions } from './session-close.ts';

const everyMs = 1_000;

export interface Jobs extends AsyncDisposable {
  wake(streams: readonly StreamName[]): void;
}

/** What runs without anybody asking: sessions that open and close by the clock, and day files. */
export async function startJobs(app: App): Promise<Jobs> {
  await finishClosings(app);
  await destroyUnusedEpochs(app.store);
  const { dayFolder, dataFolder } = app.config;
  const dayFiles = dayFolder === null ? null : new DayFileWriter(app, { dayFolder, dataFolder });
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= runDueSessions(app, (id) => moveSession(app, 'job', id, 'open'))
      .catch((error: unknown) => app.log.error({ err: error }, 'session job'))
      .finally(() => {
        running = null;
      });
  }, everyMs);
  return {
    wake: (streams) => dayFiles?.wake(streams),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
      await dayFiles?.[Symbol.asyncDispose]();
    },
  };
}
