import type { Role } from '../core/account.wire.ts';
import type { PersonId } from '../core/brand.ts';
import type { Store } from './store.ts';

/** Whether every one of these people is there and has one of these roles. */
export async function haveRole(
  { engine, organisation }: Store,
  people: readonly PersonId[],
  roles: readonly Role[],
): Promise<boolean> {
  const wanted = new Set(people);
  if (wanted.size === 0) return true;
  const rows = await engine.read
    .selectFrom('role as r')
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 'r.organisation').onRef('p.person', '=', 'r.person'),
    )
    .select('r.person')
    .distinct()
    .where('r.organisation', '=', organisation)
    .where('r.person', 'in', [...wanted])
    .where('r.role', 'in', [...roles])
    .where('p.state', '=', 'active')
    .execute();
  return rows.length === wanted.size;
}
