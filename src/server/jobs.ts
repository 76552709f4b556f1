import type { SessionId } from '../core/brand.ts';
import { deleteOver } from '../store/housekeeping.ts';
import { followStretches } from '../store/stretch.ts';
import { anchorDaily } from './anchor.ts';
import type { App } from './app.ts';
import { InterruptedClosings } from './interrupted-closing.ts';
import type { Tenure } from './lease.ts';
import { sendDueMail } from './mail.ts';
import { runDaily } from './retention.ts';
import { moveSession } from './session.ts';
import { runDueSessions } from './session-close.ts';

const sessionsEveryMs = 1_000;
const closingsEveryMs = 15_000;
const housekeepingEveryMs = 60_000;
const mailEveryMs = 2_000;
const auditEveryMs = 30_000;
/** Whether a day has begun on which nothing was destroyed yet. */
const retentionEveryMs = 5 * 60_000;

/**
 * What runs without anybody asking, on one instance at a time: sessions open and close by the clock, closings that
 * somebody's end interrupted are finished, what is over is deleted, and backups are made.
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
  await app.leases.whileHeld('mail', async (tenure) =>
    repeat('mail', mailEveryMs, () => sendDueMail(app, tenure)),
  );
  await app.leases.whileHeld('housekeeping', async () =>
    repeat('housekeeping', housekeepingEveryMs, () => deleteOver(app.store)),
  );
  await app.leases.whileHeld('audit', async (tenure) =>
    repeat('audit', auditEveryMs, () => keepAudit(app, tenure)),
  );
  await app.leases.whileHeld('retention', async (tenure) =>
    repeat('retention', retentionEveryMs, () => runDaily(app, tenure)),
  );
  const { backups } = app;
  if (backups) await app.leases.whileHeld('backup', (tenure) => backups.begin(tenure));
}

/** What the audit over all streams is found by, and the anchor of the day. */
async function keepAudit(app: App, tenure: Tenure): Promise<void> {
  const goesOn = () => tenure.holds() && !tenure.signal.aborted;
  if (await followStretches(app.store, goesOn)) await anchorDaily(app);
}

function runDue(app: App, tenure: Tenure): Promise<void> {
  const open = (id: SessionId) => moveSession(app, 'job', id, 'open');
  return runDueSessions(app, open, () => tenure.holds() && !tenure.signal.aborted);
}

interface Repeated extends AsyncDisposable {
  /** Begins at once, unless it is under way. */
  now(): void;
}

/** Does the work again and again, never twice at once; disposing waits for what is under way. */
export function repeatedly(everyMs: number, work: () => Promise<void>): Repeated {
  let running: Promise<void> | null = null;
  const now = () => {
    running ??= work().finally(() => {
      running = null;
    });
  };
  const timer = setInterval(now, everyMs);
  return {
    now,
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
