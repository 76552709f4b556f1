import type { PersonId } from '../core/brand.ts';
import type { Writing } from './ledger.ts';
import { deleteMailedLinks } from './mailed-link.ts';
import type { Store } from './store.ts';

/**
 * Gives a person a password that somebody else chose: they can sign in, and have to change it before anything else.
 * Who had no account becomes an attendee with one.
 */
export async function assignHash(
  store: Store,
  { tx, now }: Pick<Writing, 'tx' | 'now'>,
  person: PersonId,
  hash: string,
): Promise<void> {
  const { engine, organisation } = store;
  const key = ['organisation', 'person'] as const;
  await engine.upsertMany(tx, 'credential', key, [{ organisation, person, hash, changed_at: now }]);
  await engine.upsertMany(tx, 'assigned_password', key, [
    { organisation, person, assigned_at: now },
  ]);
  await deleteMailedLinks(store, tx, [person], 'password');
  const role = await tx
    .selectFrom('role')
    .select('role')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .limit(1)
    .executeTakeFirst();
  if (!role) await engine.insertMany(tx, 'role', [{ organisation, person, role: 'attendee' }]);
}

/** The person has chosen a password of their own. */
export async function deleteAssigned(
  { organisation }: Store,
  { tx }: Pick<Writing, 'tx'>,
  person: PersonId,
): Promise<void> {
  await tx
    .deleteFrom('assigned_password')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .execute();
}
