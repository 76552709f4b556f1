import type { GroupId, LocalDate } from '../core/brand.ts';
import type { SessionState } from '../core/session.ts';
import type { SessionLine } from '../core/session.wire.ts';
import { loadGroupName } from '../store/group-name.ts';
import { listSessions } from '../store/session.ts';
import { countSessions } from '../store/session-count.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import { listReachedGroups } from './gate.ts';

/** The sessions this person may see, newest first, at most 200. */
export async function presentSessions(
  app: App,
  me: SignedIn,
  filter: { state?: SessionState; group?: GroupId; date?: LocalDate },
): Promise<SessionLine[]> {
  const { store } = app;
  const own = await listReachedGroups(store, 'session.read', me);
  const sessions = (await listSessions(store, { ...filter, limit: 1_000 }))
    .filter(
      ({ group, createdBy }) =>
        own === null || (group === null ? createdBy === me.person : own.has(group)),
    )
    .slice(0, 200);
  const counts = await countSessions(store, sessions);
  const names = new Map<string, string | null>();
  for (const { group } of sessions) {
    if (group !== null && !names.has(group)) names.set(group, await loadGroupName(store, group));
  }
  return sessions.map(({ id, title, group, state, startsAt, endsAt, date }) => ({
    id,
    title,
    group,
    groupName: group === null ? null : (names.get(group) ?? null),
    state,
    startsAt,
    endsAt,
    date,
    ...(counts.get(id) ?? { came: 0, expected: 0 }),
  }));
}
