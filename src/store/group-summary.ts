import type { GroupId, Instant, LocalDate, SessionId } from '../core/brand.ts';
import type { Store } from './store.ts';

/** What a list of groups says of each: three queries for all of them. */
export interface GroupSummary {
  /** Enrolled today or from a later day on. */
  readonly people: number;
  readonly openSession: SessionId | null;
  /** Start of the newest session that has begun. */
  readonly lastSessionAt: Instant | null;
}

export async function listGroupSummaries(
  { engine, organisation }: Store,
  today: LocalDate,
): Promise<(group: GroupId) => GroupSummary> {
  const [people, open, last] = await Promise.all([
    engine.read
      .selectFrom('enrolment')
      .select(({ fn }) => ['group', fn.countAll<number>().as('count')])
      .where('organisation', '=', organisation)
      .where((where) =>
        where.or([where('until_date', 'is', null), where('until_date', '>=', today)]),
      )
      .groupBy('group')
      .execute(),
    engine.read
      .selectFrom('session')
      .select(['group', 'session'])
      .where('organisation', '=', organisation)
      .where('state', '=', 'open')
      .orderBy('starts_at')
      .execute(),
    engine.read
      .selectFrom('session')
      .select(({ fn }) => ['group', fn.max('starts_at').as('at')])
      .where('organisation', '=', organisation)
      .where('group', 'is not', null)
      .where('state', 'in', ['open', 'closed'])
      .groupBy('group')
      .execute(),
  ]);
  const counts = new Map(people.map(({ group, count }) => [group, Number(count)]));
  const opens = new Map(open.map(({ group, session }) => [group as string, session as SessionId]));
  const lasts = new Map(last.map(({ group, at }) => [group as string, at as Instant]));
  return (group) => ({
    people: counts.get(group) ?? 0,
    openSession: opens.get(group) ?? null,
    lastSessionAt: lasts.get(group) ?? null,
  });
}
