import type { Kysely } from 'kysely';
import type { PersonId } from '../core/brand.ts';
import { accountEvent, loadHash } from './account.ts';
import type { Writing } from './ledger.ts';
import { loadPeople } from './person.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';
import { isVouched } from './vouched-address.ts';

/** Somebody whom an administrator knows by this address and who has no account yet. */
export interface Claimable {
  readonly person: PersonId;
  readonly number: string | null;
  readonly name: string;
}

/**
 * Who may take the account that belongs to an address: nobody who has a password, is deactivated, or was given a role
 * for which an address alone does not vouch, and nobody whose address was written by a host, who could write their own.
 */
export async function findClaimable(
  store: Store,
  db: Kysely<Schema>,
  email: string,
): Promise<Claimable | null> {
  const [known] = await loadPeople(store, db, { email: [email] });
  if (!known || known.row.guest_of !== null || known.row.state !== 'active') return null;
  const { person, number, name } = known;
  const role = await db
    .selectFrom('role')
    .select('role')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .where('role', '!=', 'attendee')
    .limit(1)
    .executeTakeFirst();
  const hash = await loadHash(store, db, person);
  if (role || hash !== null || !(await isVouched(store, db, known))) return null;
  return { person, number, name };
}

/** Gives a person who was known without an account one of their own, as an attendee. */
export async function claimAccount(
  { engine, organisation }: Store,
  writing: Writing,
  person: PersonId,
  hash: string,
): Promise<void> {
  const { tx, now, append } = writing;
  await engine.insertMany(tx, 'credential', [{ organisation, person, hash, changed_at: now }]);
  await engine.insertMissing(tx, 'role', [{ organisation, person, role: 'attendee' }]);
  const facts = { roles: ['attendee'] };
  await append([accountEvent(writing, 'account.made', person, { actor: 'registration', facts })]);
}
