import type { Instant, SessionId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { SessionSettings } from '../core/session.ts';
import { commit } from '../store/ledger.ts';
import { loadSession, type SessionRow, sessionRow, updateSession } from '../store/session.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';
import { given } from './session-create.ts';

/** Changes title, end, network address or settings of a session that has not ended. */
export function changeSession(
  app: App,
  actor: string,
  id: SessionId,
  change: {
    title?: string | undefined;
    endsAt?: Instant | null | undefined;
    origin?: string | undefined;
    settings?: Partial<SessionSettings> | undefined;
  },
): Promise<{ state: string } | Refusal> {
  const { store } = app;
  return commit(store, async (writing) => {
    const stream = sessionStream(id);
    await writing.lock([stream]);
    const session = await loadSession(store, writing.tx, id);
    if (!session) return refuse('not-found');
    if (change.endsAt && change.endsAt <= session.startsAt)
      return refuse('input-invalid', { field: 'endsAt', problem: 'too_small' });
    if (
      change.origin !== undefined &&
      !app.origins().some(({ origin }) => origin === change.origin)
    ) {
      return refuse('input-invalid', { field: 'origin', problem: 'unknown' });
    }
    const settings = given(change.settings) as Partial<SessionSettings>;
    const next: SessionRow = {
      ...session,
      ...settings,
      ...(session.group === null ? { rosterRule: 'none' as const } : {}),
      title: change.title ?? session.title,
      endsAt: change.endsAt === undefined ? session.endsAt : change.endsAt,
      origin: change.origin ?? session.origin,
    };
    const {
      organisation: _,
      session: __,
      created_at: ___,
      created_by: ____,
      ...row
    } = sessionRow(store, next, writing.now);
    await updateSession(store, writing.tx, id, row);
    await writing.append([
      {
        stream,
        type: 'session.changed',
        occurredAt: writing.now,
        actor,
        subject: null,
        facts: { before: told(session, settings), after: told(next, settings) },
        data: { before: { title: session.title }, after: { title: next.title } },
      },
    ]);
    return { state: session.state };
  });
}

/** What may change, of the settings those that were given. */
const told = (session: SessionRow, given: Partial<SessionSettings>) => ({
  endsAt: session.endsAt,
  origin: session.origin,
  ...Object.fromEntries(
    Object.keys(given).map((name) => [name, session[name as keyof SessionSettings]]),
  ),
});
