import type { SessionId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { checkMove, type SessionMove } from '../core/session.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { loadSession, type SessionRow, sealSession, updateSession } from '../store/session.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';
import { freeCode } from './session-create.ts';

const eventOf: Record<Exclude<SessionMove, 'close'>, string> = {
  open: 'session.opened',
  cancel: 'session.cancelled',
  reopen: 'session.reopened',
  pause: 'code.paused',
  resume: 'code.resumed',
  refresh: 'code.refreshed',
};

/** Moves a session on; refused where it does not stand so that it can. Closing has its own file. */
export function moveSession(
  app: App,
  actor: string,
  id: SessionId,
  move: Exclude<SessionMove, 'close'>,
  reason: string | null = null,
): Promise<{ state: string } | Refusal> {
  const { store } = app;
  if (move === 'cancel' && !reason?.trim()) return Promise.resolve(refuse('reason-missing'));
  return commit(store, async (writing) => {
    const stream = sessionStream(id);
    await writing.lock([stream]);
    const session = await loadSession(store, writing.tx, id);
    if (!session) return refuse('not-found');
    const allowed = checkMove(session.state, move);
    if (!allowed.ok) return allowed;
    const { now } = writing;
    await updateSession(
      store,
      writing.tx,
      id,
      await changeOf(app, writing, session, move, reason?.trim() ?? null),
    );
    await writing.append([
      {
        stream,
        type: eventOf[move],
        occurredAt: now,
        actor,
        subject: null,
        facts: {
          before: { state: session.state },
          ...(move === 'refresh' ? { epoch: session.codeEpoch + 1 } : {}),
        },
        ...(move === 'cancel' ? { data: { reason: reason?.trim() } } : {}),
      },
    ]);
    const after = await loadSession(store, writing.tx, id);
    return { state: after?.state ?? session.state };
  });
}

async function changeOf(
  app: App,
  writing: Writing,
  session: SessionRow,
  move: SessionMove,
  reason: string | null,
) {
  const { now } = writing;
  switch (move) {
    case 'open':
      return { state: 'open', starts_at: Math.min(session.startsAt, now) };
    case 'cancel':
      return {
        state: 'cancelled',
        sealed: sealSession(app.store, session.id, session.title, reason),
      };
    case 'reopen':
      return {
        state: 'open',
        closed_at: null,
        paused: 0,
        code: session.code ?? (await freeCode(app, writing)),
        sealed: sealSession(app.store, session.id, session.title, null),
        // a planned end that is over would close it again at once
        ends_at: session.endsAt !== null && session.endsAt > now ? session.endsAt : null,
      };
    case 'pause':
      return { paused: 1 };
    case 'resume':
      return { paused: 0 };
    case 'refresh':
      return { code_epoch: session.codeEpoch + 1 };
    default:
      return {};
  }
}
