import type { GroupId, Instant, SessionId } from '../core/brand.ts';
import { encodeSessionCode } from '../core/code.ts';
import { makeId } from '../core/id.ts';
import { localDate } from '../core/local-time.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import {
  checkMove,
  defaultSettings,
  type SessionMove,
  type SessionSettings,
} from '../core/session.ts';
import type { SessionRequest } from '../core/session.wire.ts';
import { commit, type Writing } from '../store/ledger.ts';
import {
  loadSession,
  type SessionRow,
  sealSession,
  sessionRow,
  updateSession,
} from '../store/session.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';

/** Leaves out what is undefined, so that a partial setting never erases a whole one. */
const given = <T extends object>(partial: T | undefined): Partial<T> =>
  Object.fromEntries(
    Object.entries(partial ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>;

/** Opens a session now, or plans one. Without a group it is a quick roll: anybody may check in as a guest. */
export async function createSession(
  app: App,
  actor: string,
  request: SessionRequest,
): Promise<{ id: SessionId } | Refusal> {
  const { store } = app;
  const now = store.clock.now();
  const { group = null, startsAt, endsAt = null } = request;
  const start = startsAt ?? now;
  if (endsAt !== null && endsAt <= Math.max(start, now))
    return refuse('input-invalid', { field: 'endsAt', problem: 'too_small' });
  const id = makeId<SessionId>(now, store.random);
  await commit(store, async (writing) => {
    const session: SessionRow = {
      ...defaultSettings,
      ...(await groupDefaults(writing, store.organisation, group)),
      ...(given(request.settings) as Partial<SessionSettings>),
      ...(group === null ? { rosterRule: 'none' as const } : {}),
      id,
      group,
      state: startsAt !== undefined && startsAt > now ? 'planned' : 'open',
      startsAt: start,
      endsAt,
      closedAt: null,
      date: localDate(start, app.settings.current.zone),
      codeEpoch: 1,
      paused: false,
      code: await freeCode(app, writing),
      title: request.title ?? '',
      cancelReason: null,
      origin: null,
      createdBy: actor,
    };
    await store.engine.insertMany(writing.tx, 'session', [sessionRow(store, session, now)]);
    await writing.append([
      {
        stream: sessionStream(id),
        type: session.state === 'planned' ? 'session.planned' : 'session.opened',
        occurredAt: now,
        actor,
        subject: null,
        facts: {
          group,
          startsAt: start,
          endsAt,
          date: session.date,
          lateAfterMinutes: session.lateAfterMinutes,
        },
        data: { title: session.title },
      },
    ]);
  });
  return { id };
}

async function groupDefaults(
  { tx }: Writing,
  organisation: string,
  group: GroupId | null,
): Promise<Partial<SessionSettings>> {
  if (group === null) return {};
  const row = await tx
    .selectFrom('group')
    .select('settings')
    .where('organisation', '=', organisation)
    .where('group', '=', group)
    .executeTakeFirst();
  return row ? (JSON.parse(row.settings) as Partial<SessionSettings>) : {};
}

/** A short name that no running session has; an ended session gives its own up. */
async function freeCode({ store }: App, { tx }: Writing): Promise<string> {
  for (;;) {
    const [high, middle, low] = store.random.bytes(3) as unknown as [number, number, number];
    const code = encodeSessionCode(((high << 16) | (middle << 8) | low) & 0xfffff);
    const taken = await tx
      .selectFrom('session')
      .select(['organisation', 'session', 'state'])
      .where('code', '=', code)
      .executeTakeFirst();
    if (!taken) return code;
    if (taken.state === 'planned' || taken.state === 'open') continue;
    await tx
      .updateTable('session')
      .set({ code: null })
      .where('organisation', '=', taken.organisation)
      .where('session', '=', taken.session)
      .execute();
    return code;
  }
}

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
        facts: move === 'refresh' ? { epoch: session.codeEpoch + 1 } : {},
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
        facts: { endsAt: next.endsAt, settings },
        data: { title: next.title, before: session.title },
      },
    ]);
    return { state: session.state };
  });
}
