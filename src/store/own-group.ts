import type { PersonId } from '../core/brand.ts';
import type { Store } from './store.ts';

/** By which of their roles a person has groups of their own. */
export interface OwnBy {
  readonly host: boolean;
  readonly supervisor: boolean;
}

/** The groups that a person hosts, supervises, or both. */
export async function listOwnGroups(
  { engine, organisation }: Store,
  person: PersonId,
  by: OwnBy,
): Promise<Set<string>> {
  const tables = [
    ...(by.host ? (['group_host'] as const) : []),
    ...(by.supervisor ? (['group_supervisor'] as const) : []),
  ];
  const found = await Promise.all(
    tables.map((table) =>
      engine.read
        .selectFrom(table)
        .select('group')
        .where('organisation', '=', organisation)
        .where('person', '=', person)
        .execute(),
    ),
  );
  return new Set(found.flat().map(({ group }) => group));
}

/** Whether somebody is or was enrolled in one of these groups. */
export async function isEnrolledIn(
  { engine, organisation }: Store,
  person: string,
  groups: ReadonlySet<string>,
): Promise<boolean> {
  const rows = await engine.read
    .selectFrom('enrolment')
    .select('group')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .execute();
  return rows.some(({ group }) => groups.has(group));
}
