import type { Kysely } from 'kysely';
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

/** Whose data legal holds keep, with all who turned out to be them. */
export async function loadHeld(
  { organisation }: Store,
  db: Kysely<Schema>,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('legal_hold')
    .select('person')
    .where('organisation', '=', organisation)
    .execute();
  const held = new Set(rows.map(({ person }) => person));
  for (let into = [...held]; into.length > 0; ) {
    const merged = await db
      .selectFrom('person')
      .select('person')
      .where('organisation', '=', organisation)
      .where('merged_into', 'in', padded(into))
      .execute();
    into = merged.flatMap(({ person }) => (held.has(person) ? [] : person));
    for (const person of into) held.add(person);
  }
  return held;
}
