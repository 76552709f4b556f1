import type { Kysely } from 'kysely';
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
