import type { Kysely } from 'kysely';
import type { Instant, PersonId } from '../core/brand.ts';
import type { Schema } from './schema.ts';
import { readSealed } from './sign-in.ts';
import type { Store } from './store.ts';

/** Where a person is signed in, newest use first. */
export async function listSignIns(store: Store, person: PersonId, now: Instant) {
  const rows = await store.engine.read
    .selectFrom('sign_in')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .where('expires_at', '>', now)
    .orderBy('seen_at', 'desc')
    .execute();
  return rows.map((row) => {
    const { device, address } = readSealed(store, row.sign_in, row.sealed);
    const { sign_in: id, created_at: since, seen_at: seen } = row;
    return { id, device, address, since, seen };
  });
}

/** Ends sign-ins of a person: one, all but one, or all; how many there were. */
export async function deleteSignIns(
  store: Store,
  tx: Kysely<Schema>,
  person: PersonId,
  { only, except }: { only?: string; except?: string } = {},
): Promise<number> {
  let query = tx
    .deleteFrom('sign_in')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person);
  if (only !== undefined) query = query.where('sign_in', '=', only);
  if (except !== undefined) query = query.where('sign_in', '!=', except);
  const { numDeletedRows } = await query.executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
