import type { Kysely } from 'kysely';
import type { Role } from '../core/account.wire.ts';
import type { PersonId } from '../core/brand.ts';
import { deleteAssigned } from './assigned-password.ts';
import type { EventDraft, Writing } from './ledger.ts';
import { deleteMailedLinks } from './mailed-link.ts';
import { insertPeople } from './person.ts';
import type { Schema } from './schema.ts';
import { organisationStream, type Store } from './store.ts';

/** Who may sign in: a person with a password. */
export interface Account {
  readonly person: PersonId;
  readonly hash: string;
}

/**
 * Makes a person with roles and a password. Neither the password nor its hash stands in an event.
 * @param actor who lets them in
 * @throws a unique violation where the address is taken
 */
export async function insertAccount(
  store: Store,
  writing: Writing,
  actor: string,
  account: {
    number?: string;
    name: string;
    email: string;
    hash: string;
    roles: readonly Role[];
  },
): Promise<PersonId> {
  const { organisation, engine } = store;
  const { tx, now } = writing;
  const { number = null, name, email, hash, roles } = account;
  const [person] = await insertPeople(store, writing, actor, [{ number, name, email }]);
  if (!person) throw new Error('no person was made');
  await engine.insertMany(
    tx,
    'role',
    roles.map((role) => ({ organisation, person, role })),
  );
  await engine.insertMany(tx, 'credential', [{ organisation, person, hash, changed_at: now }]);
  await writing.append([
    accountEvent(writing, 'account.made', person, { actor, facts: { roles } }),
  ]);
  return person;
}

/** An event of an account: what happened to whom, never a secret. */
export function accountEvent(
  { now }: Pick<Writing, 'now'>,
  type: string,
  person: PersonId,
  {
    actor = person,
    ...rest
  }: Partial<Pick<EventDraft, 'facts' | 'data' | 'key'>> & { actor?: string } = {},
): EventDraft {
  return {
    stream: organisationStream,
    type,
    occurredAt: now,
    actor,
    subject: person,
    ...rest,
  };
}

/** The account that a login name leads to; null for strangers, for the erased and for people without a password. */
export async function findAccount(
  store: Store,
  index: { email?: string; number?: string },
): Promise<Account | null> {
  const [column, value] =
    index.email === undefined
      ? (['p.number_index', index.number] as const)
      : (['p.email_index', index.email] as const);
  const row = await store.engine.read
    .selectFrom('person as p')
    .innerJoin('credential as c', (join) =>
      join.onRef('c.organisation', '=', 'p.organisation').onRef('c.person', '=', 'p.person'),
    )
    .select(['p.person', 'c.hash'])
    .where('p.organisation', '=', store.organisation)
    .where(column, '=', value ?? '')
    .where('p.state', '=', 'active')
    .executeTakeFirst();
  return row ? { person: row.person as PersonId, hash: row.hash } : null;
}

/** The hash of a person's password, or null where they have none. */
export async function loadHash(
  store: Store,
  db: Kysely<Schema>,
  person: PersonId,
): Promise<string | null> {
  const row = await db
    .selectFrom('credential')
    .select('hash')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  return row?.hash ?? null;
}

/** Replaces a person's password by one of their own choice. */
export async function updateHash(
  store: Store,
  { tx, now }: Writing,
  person: PersonId,
  hash: string,
): Promise<void> {
  await tx
    .updateTable('credential')
    .set({ hash, changed_at: now })
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .execute();
  await deleteAssigned(store, { tx }, person);
  await deleteMailedLinks(store, tx, [person], 'password');
}

/** Administrators and hosts, with their roles. */
export async function listAccounts(
  store: Store,
  person?: PersonId,
): Promise<Map<PersonId, Set<Role>>> {
  let query = store.engine.read
    .selectFrom('role as r')
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 'r.organisation').onRef('p.person', '=', 'r.person'),
    )
    .select(['r.person', 'r.role'])
    .where('r.organisation', '=', store.organisation)
    .where('p.state', '=', 'active');
  if (person !== undefined) query = query.where('r.person', '=', person);
  const accounts = new Map<PersonId, Set<Role>>();
  for (const row of await query.orderBy('r.person').execute()) {
    const roles = accounts.get(row.person as PersonId) ?? new Set();
    roles.add(row.role as Role);
    accounts.set(row.person as PersonId, roles);
  }
  return accounts;
}

/** Whether somebody has this address already. */
export async function isEmailTaken(
  store: Store,
  db: Kysely<Schema>,
  email: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('person')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('email_index', '=', store.vault.emailIndex(email))
    .executeTakeFirst();
  return row !== undefined;
}
