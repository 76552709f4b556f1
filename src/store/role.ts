import type { Role } from '../core/account.wire.ts';
import type { PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { accountEvent } from './account.ts';
import { checkReplaceable } from './administrator.ts';
import type { Tx } from './engine.ts';
import { commit } from './ledger.ts';
import { organisationStream, type Store } from './store.ts';

/**
 * Gives a person exactly these roles; the same again changes nothing. Their sign-ins go on with the new ones.
 * @param isOperator whether the actor stands outside the organisation; everybody else has to administer it still when
 *   it is done, of two who act at once
 * Refuses `not-found` for a guest and for whoever is not active, `not-allowed`, `last-admin`.
 */
export function setRoles(
  store: Store,
  actor: PersonId,
  person: PersonId,
  roles: readonly Role[],
  isOperator: boolean,
): Promise<{ ok: true } | Refusal> {
  const { engine, organisation } = store;
  const after = [...new Set(roles)].sort();
  return commit(store, async (writing) => {
    const { tx, lock, append } = writing;
    await lock([organisationStream]);
    if (!isOperator && !(await loadRoles(store, tx, actor)).includes('admin')) {
      return refuse('not-allowed');
    }
    if (!(await isActive(store, tx, person))) return refuse('not-found');
    const before = await loadRoles(store, tx, person);
    if (before.join() === after.join()) return { ok: true };
    if (!after.includes('admin')) {
      const allowed = await checkReplaceable(store, tx, person);
      if (!allowed.ok) return allowed;
    }
    await tx
      .deleteFrom('role')
      .where('organisation', '=', organisation)
      .where('person', '=', person)
      .execute();
    await engine.insertMany(
      tx,
      'role',
      after.map((role) => ({ organisation, person, role })),
    );
    await append([
      accountEvent(writing, 'role.changed', person, { actor, facts: { before, after } }),
    ]);
    return { ok: true };
  });
}

async function loadRoles({ organisation }: Store, tx: Tx, person: PersonId): Promise<Role[]> {
  const rows = await tx
    .selectFrom('role')
    .select('role')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .execute();
  return rows.map(({ role }) => role as Role).sort();
}

async function isActive({ organisation }: Store, tx: Tx, person: PersonId): Promise<boolean> {
  const row = await tx
    .selectFrom('person')
    .select('person')
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .where('state', '=', 'active')
    .where('guest_of', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
