import type { PersonId } from '../core/brand.ts';
import type { Writing } from './ledger.ts';
import type { Store } from './store.ts';

/** By what somebody can show who they are. */
export interface Secrets {
  readonly person: PersonId;
  readonly password: string | null;
  readonly pin: string | null;
  /** Somebody else chose the password. */
  readonly isAssigned: boolean;
}

/** The hashes of whoever has this number or address (`Vault.loginIndex`); null where nobody does. */
export async function findSecrets(
  store: Store,
  index: { readonly email?: string; readonly number?: string },
): Promise<Secrets | null> {
  const isEmail = index.email !== undefined;
  const row = await store.engine.read
    .selectFrom('person as p')
    .leftJoin('credential as c', (join) =>
      join.onRef('c.organisation', '=', 'p.organisation').onRef('c.person', '=', 'p.person'),
    )
    .leftJoin('pin as n', (join) =>
      join.onRef('n.organisation', '=', 'p.organisation').onRef('n.person', '=', 'p.person'),
    )
    .leftJoin('assigned_password as a', (join) =>
      join.onRef('a.organisation', '=', 'p.organisation').onRef('a.person', '=', 'p.person'),
    )
    .select(['p.person', 'c.hash as password', 'n.hash as pin', 'a.assigned_at'])
    .where('p.organisation', '=', store.organisation)
    .where(isEmail ? 'p.email_index' : 'p.number_index', '=', index.email ?? index.number ?? '')
    .where('p.state', '=', 'active')
    .executeTakeFirst();
  if (!row) return null;
  const { person, password, pin, assigned_at } = row;
  return { person: person as PersonId, password, pin, isAssigned: assigned_at !== null };
}

/** Makes, replaces or (null) takes away a person's PIN. */
export async function savePin(
  { engine, organisation }: Store,
  { tx, now }: Writing,
  person: PersonId,
  hash: string | null,
): Promise<void> {
  if (hash !== null) {
    const row = { organisation, person, hash, changed_at: now };
    await engine.upsertMany(tx, 'pin', ['organisation', 'person'], [row]);
    return;
  }
  await tx
    .deleteFrom('pin')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .execute();
}
