import type { Role } from '../core/account.wire.ts';
import type { LocalDate } from '../core/brand.ts';
import type { Enrolment } from '../core/enrolment.ts';
import { padded } from './engine.ts';
import type { Store } from './store.ts';

/** Where these people are or were enrolled; `from` that day on those alone whose enrolment has not ended before. */
export async function listPersonGroups(
  { engine, organisation }: Store,
  people: readonly string[],
  from?: LocalDate,
): Promise<{ person: string; group: string; enrolment: Enrolment }[]> {
  if (people.length === 0) return [];
  let query = engine.read
    .selectFrom('enrolment')
    .select(['person', 'group', 'from_date', 'until_date'])
    .where('organisation', '=', organisation)
    .where('person', 'in', padded(people));
  if (from !== undefined) {
    query = query.where((where) =>
      where.or([where('until_date', 'is', null), where('until_date', '>=', from)]),
    );
  }
  return (await query.execute()).map(({ person, group, from_date, until_date }) => ({
    person,
    group,
    enrolment: { from: from_date as LocalDate, until: until_date as LocalDate | null },
  }));
}

/** Everybody who is enrolled in a group, or in any, that day or later. */
export async function listEnrolled(
  { engine, organisation }: Store,
  group: string | null,
  today: LocalDate,
): Promise<Set<string>> {
  let query = engine.read
    .selectFrom('enrolment')
    .select('person')
    .distinct()
    .where('organisation', '=', organisation)
    .where((where) =>
      where.or([where('until_date', 'is', null), where('until_date', '>=', today)]),
    );
  if (group !== null) query = query.where('group', '=', group);
  return new Set((await query.execute()).map(({ person }) => person));
}

/** The roles of these people. */
export async function loadRoles(
  { engine, organisation }: Store,
  people: readonly string[],
): Promise<Map<string, Role[]>> {
  const roles = new Map<string, Role[]>();
  if (people.length === 0) return roles;
  const rows = await engine.read
    .selectFrom('role')
    .select(['person', 'role'])
    .where('organisation', '=', organisation)
    .where('person', 'in', padded(people))
    .orderBy('role')
    .execute();
  for (const { person, role } of rows) {
    roles.set(person, [...(roles.get(person) ?? []), role as Role]);
  }
  return roles;
}

/** Everybody who has a role, or any. */
export async function listBearers(
  { engine, organisation }: Store,
  role: string | null,
): Promise<Set<string>> {
  let query = engine.read
    .selectFrom('role')
    .select('person')
    .distinct()
    .where('organisation', '=', organisation);
  if (role !== null) query = query.where('role', '=', role);
  return new Set((await query.execute()).map(({ person }) => person));
}
