import type { Kysely } from 'kysely';
import type { GroupId, PersonId } from '../core/brand.ts';
import { padded } from './engine.ts';
import type { Writing } from './ledger.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/** Remembers whom a host enrolled by a number without knowing the person: more is not told to hosts of the group. */
export async function guardEnrolments(
  { engine, organisation }: Store,
  { tx }: Pick<Writing, 'tx'>,
  group: GroupId,
  people: readonly PersonId[],
): Promise<void> {
  if (people.length === 0) return;
  const key = ['organisation', 'group', 'person'] as const;
  const rows = people.map((person) => ({ organisation, group, person }));
  await engine.upsertMany(tx, 'guarded_enrolment', [...key], rows);
}

/** Those of a group who are guarded. */
export async function listGuarded(
  { organisation }: Store,
  db: Kysely<Schema>,
  group: GroupId,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('guarded_enrolment')
    .select('person')
    .where('organisation', '=', organisation)
    .where('group', '=', group)
    .execute();
  return new Set(rows.map(({ person }) => person));
}

/** Those of these people who are in none of the groups that somebody knows. */
export async function listStrangers(
  { organisation }: Store,
  db: Kysely<Schema>,
  people: readonly string[],
  known: ReadonlySet<string>,
): Promise<Set<string>> {
  const strangers = new Set(people);
  if (strangers.size === 0) return strangers;
  const rows = await db
    .selectFrom('enrolment')
    .select(['group', 'person'])
    .where('organisation', '=', organisation)
    .where('person', 'in', padded(people))
    .execute();
  for (const { group, person } of rows) if (known.has(group)) strangers.delete(person);
  return strangers;
}
