import type { SessionId } from '../core/brand.ts';
import type { SessionRow } from './session.ts';
import type { Store } from './store.ts';

/** How many came to each session, and how many are on its board. Counted, never kept. */
export async function countSessions(
  store: Store,
  sessions: readonly SessionRow[],
): Promise<Map<SessionId, { came: number; expected: number }>> {
  const counts = new Map<SessionId, { came: number; expected: number }>();
  if (sessions.length === 0) return counts;
  const { engine, organisation } = store;
  const groups = [...new Set(sessions.flatMap(({ group }) => group ?? []))];
  const [records, enrolled] = await Promise.all([
    engine.read
      .selectFrom('record')
      .select(({ fn }) => ['session', 'status', 'pending', fn.countAll<number>().as('count')])
      .where('organisation', '=', organisation)
      .where(
        'session',
        'in',
        sessions.map(({ id }) => id),
      )
      .groupBy(['session', 'status', 'pending'])
      .execute(),
    groups.length === 0
      ? []
      : engine.read
          .selectFrom('enrolment')
          .select(['group', 'from_date', 'until_date'])
          .where('organisation', '=', organisation)
          .where('group', 'in', groups)
          .execute(),
  ]);
  for (const { id, group, date } of sessions) {
    const own = records.filter(({ session }) => session === id);
    const came = own.filter(
      ({ status, pending }) => pending === 0 && (status === 'present' || status === 'late'),
    );
    const onRoster = enrolled.filter(
      (row) =>
        row.group === group &&
        row.from_date <= date &&
        (row.until_date === null || date <= row.until_date),
    ).length;
    const sum = (rows: typeof own) => rows.reduce((total, { count }) => total + Number(count), 0);
    counts.set(id, { came: sum(came), expected: Math.max(onRoster, sum(own)) });
  }
  return counts;
}
