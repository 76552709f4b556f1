import type { Instant, SessionId } from '../core/brand.ts';
import { listClosed } from '../store/session.ts';
import type { App } from './app.ts';
import type { Tenure } from './lease.ts';
import { markAbsences } from './session-close.ts';

/** Who closed a session is given so long to mark the absent. */
const undisturbedMs = 10_000;
const recentMs = 10 * 60_000;
const longMs = 48 * 3_600_000;

/** Finishes closings that somebody's end interrupted: this process's at an earlier time, or another instance's. */
export class InterruptedClosings {
  readonly #app: App;
  /** Those that are known to be finished, with the time of the closing. */
  readonly #finished = new Map<SessionId, Instant>();
  #looked = false;

  constructor(app: App) {
    this.#app = app;
  }

  /** The first time all of two days, then those of the last minutes. */
  async finish(tenure: Tenure): Promise<void> {
    const { store } = this.#app;
    const now = store.clock.now();
    const [from, until] = this.#looked
      ? [now - recentMs, now - undisturbedMs]
      : [now - longMs, now];
    for (const session of await listClosed(store, from, until)) {
      if (!tenure.holds() || tenure.signal.aborted) return;
      if (this.#finished.get(session.id) === session.closedAt) continue;
      await markAbsences(this.#app, session);
      if (session.closedAt !== null) this.#finished.set(session.id, session.closedAt);
    }
    for (const [id, at] of this.#finished) if (at < now - recentMs) this.#finished.delete(id);
    this.#looked = true;
  }
}
