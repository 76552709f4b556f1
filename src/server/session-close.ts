import type { LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { isEnrolled } from '../core/enrolment.ts';
import type { RecordState } from '../core/record.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { checkMove, closesAt } from '../core/session.ts';
import { commit } from '../store/ledger.ts';
import { listSessions, loadSession, type SessionRow, updateSession } from '../store/session.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';

const absence: RecordState = {
  status: 'absent',
  at: null,
  minutesLate: 0,
  how: 'closing',
  pending: false,
};

/** Absences of one transaction: a few milliseconds, so that check-ins elsewhere do not wait. */
const slice = 100;

/**
 * Closes a session, then marks the enrolled for whom nothing stands as absent, a slice at a time. Stopped in the
 * middle, the rest is done at the next start, or by another instance (`interrupted-closing.ts`).
 */
export async function closeSession(
  app: App,
  actor: string,
  id: SessionId,
): Promise<{ state: string } | Refusal> {
  const { store } = app;
  const closed = await commit(store, async (writing) => {
    const stream = sessionStream(id);
    await writing.lock([stream]);
    const session = await loadSession(store, writing.tx, id);
    if (!session) return refuse('not-found');
    const allowed = checkMove(session.state, 'close');
    if (!allowed.ok) return allowed;
    await updateSession(store, writing.tx, id, { state: 'closed', closed_at: writing.now });
    await writing.append([
      { stream, type: 'session.closed', occurredAt: writing.now, actor, subject: null },
    ]);
    return { ok: true as const, session };
  });
  if (!closed.ok) return closed;
  if (!store.isRehearsal) await markAbsences(app, closed.session);
  return { state: 'closed' };
}

/** Marks as absent whoever is enrolled on the session's date and has no record yet. */
export async function markAbsences(app: App, session: SessionRow): Promise<void> {
  if (session.group === null) return;
  const { store } = app;
  for (;;) {
    const marked = await commit(store, async (writing) => {
      const stream = sessionStream(session.id);
      await writing.lock([stream]);
      const now = await loadSession(store, writing.tx, session.id);
      if (now?.state !== 'closed') return 0;
      const rows = await writing.tx
        .selectFrom('enrolment as e')
        .leftJoin('record as r', (join) =>
          join
            .onRef('r.organisation', '=', 'e.organisation')
            .onRef('r.person', '=', 'e.person')
            .on('r.session', '=', session.id),
        )
        .select(['e.person', 'e.from_date', 'e.until_date'])
        .where('e.organisation', '=', store.organisation)
        .where('e.group', '=', session.group as string)
        .where('r.status', 'is', null)
        .where((where) => where.or([where('r.pending', 'is', null), where('r.pending', '=', 0)]))
        .where('e.from_date', '<=', session.date)
        .where((where) =>
          where.or([where('e.until_date', 'is', null), where('e.until_date', '>=', session.date)]),
        )
        .limit(slice)
        .execute();
      const missing = rows.filter((row) =>
        isEnrolled(
          { from: row.from_date as LocalDate, until: row.until_date as LocalDate | null },
          session.date,
        ),
      );
      await writing.append(
        missing.map(({ person }) => ({
          stream,
          type: 'absence',
          occurredAt: writing.now,
          actor: 'job',
          subject: person as PersonId,
          record: absence,
        })),
      );
      return missing.length;
    });
    if (marked < slice) return;
  }
}

/**
 * What time brings: planned sessions open at their start, open ones close at their end plus grace.
 * @param mayGoOn asked before each session
 */
export async function runDueSessions(
  app: App,
  open: (id: SessionId) => Promise<unknown>,
  mayGoOn = () => true,
): Promise<void> {
  const now = app.store.clock.now();
  const [planned, running] = await Promise.all([
    listSessions(app.store, { state: 'planned', limit: 5_000 }),
    listSessions(app.store, { state: 'open', limit: 5_000 }),
  ]);
  for (const session of planned) {
    if (session.startsAt <= now && mayGoOn()) await open(session.id);
  }
  for (const session of running) {
    const at = closesAt(session);
    if (at !== null && at <= now && mayGoOn()) await closeSession(app, 'job', session.id);
  }
}
