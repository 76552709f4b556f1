import type { SessionId } from '../core/brand.ts';
import { deleteOver } from '../store/housekeeping.ts';
import type { App } from './app.ts';
import { InterruptedClosings } from './interrupted-closing.ts';
import type { Tenure } from './lease.ts';
import { sendDueMail, tidyMail } from './mail.ts';
import { moveSession } from './session.ts';
import { runDueSessions } from './session-close.ts';

const sessionsEveryMs = 1_000;
const closingsEveryMs = 15_000;
const housekeepingEveryMs = 60_000;
const mailEveryMs = 2_000;

/**
 * What runs without anybody asking, on one instance at a time: sessions open and close by the clock, closings that
 * somebody's end interrupted are finished, and what is over is deleted.
 */
export async function startJobs(app: App): Promise<void> {
  const repeat = (job: string, everyMs: number, work: () => Promise<void>) =>
    repeatedly(everyMs, () =>
      work().catch((error: unknown) => app.databaseAway.log(error, 'job failed', { job })),
    );
  await app.leases.whileHeld('sessions', async (tenure) => {
    const closings = new InterruptedClosings(app);
    await closings.finish(tenure);
    return together([
      repeat('sessions', sessionsEveryMs, () => runDue(app, tenure)),
      repeat('sessions', closingsEveryMs, () => closings.finish(tenure)),
    ]);
  });
  await app.leases.whileHeld('mail', async (tenure) => {
    await tidyMail(app);
    return repeat('mail', mailEveryMs, () => sendDueMail(app, tenure));
  });
  await app.leases.whileHeld('housekeeping', async () =>
    repeat('housekeeping', housekeepingEveryMs, () => deleteOver(app.store)),
  );
}

function runDue(app: App, tenure: Tenure): Promise<void> {
  const open = (id: SessionId) => moveSession(app, 'job', id, 'open');
  return runDueSessions(app, open, () => tenure.holds() && !tenure.signal.aborted);
}

/** Does the work again and again, never twice at once; disposing waits for what is under way. */
export function repeatedly(everyMs: number, work: () => Promise<void>): AsyncDisposable {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= work().finally(() => {
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

const together = (parts: readonly AsyncDisposable[]): AsyncDisposable => ({
  async [Symbol.asyncDispose]() {
    await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
  },
});
