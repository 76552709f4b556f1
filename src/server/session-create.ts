import type { GroupId, SessionId } from '../core/brand.ts';
import { encodeSessionCode } from '../core/code.ts';
import { makeId } from '../core/id.ts';
import { localDate } from '../core/local-time.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { defaultSettings, type SessionSettings } from '../core/session.ts';
import type { SessionRequest } from '../core/session.wire.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { type SessionRow, sessionRow } from '../store/session.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';

/** Leaves out what is undefined, so that a partial setting never erases a whole one. */
export const given = <T extends object>(partial: T | undefined): Partial<T> =>
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
export async function freeCode({ store }: App, { tx }: Writing): Promise<string> {
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
    // unless it was opened again at this moment, or somebody else took it
    const { numUpdatedRows } = await tx
      .updateTable('session')
      .set({ code: null })
      .where('organisation', '=', taken.organisation)
      .where('session', '=', taken.session)
      .where('code', '=', code)
      .where('state', 'not in', ['planned', 'open'])
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 1n) return code;
  }
}
