import type { Kysely } from 'kysely';
import type { Instant } from '../core/brand.ts';
import { padded } from './engine.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/** Whether a legal hold keeps a person's data. */
export async function isHeld(
  { organisation }: Store,
  db: Kysely<Schema>,
  person: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('legal_hold')
    .select('person')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whose data legal holds keep, with all who turned out to be them, and since when. */
export async function loadHeld(
  { organisation }: Store,
  db: Kysely<Schema>,
): Promise<ReadonlyMap<string, Instant>> {
  const rows = await db
    .selectFrom('legal_hold')
    .select(['person', 'placed_at'])
    .where('organisation', '=', organisation)
    .execute();
  const held = new Map(rows.map(({ person, placed_at }) => [person, placed_at as Instant]));
  for (let into = [...held.keys()]; into.length > 0; ) {
    const merged = await db
      .selectFrom('person')
      .select(['person', 'merged_into'])
      .where('organisation', '=', organisation)
      .where('merged_into', 'in', padded(into))
      .execute();
    const fresh = merged.filter(({ person }) => !held.has(person));
    for (const { person, merged_into } of fresh) {
      held.set(person, held.get(merged_into as string) as Instant);
    }
    into = fresh.map(({ person }) => person);
  }
  return held;
}
