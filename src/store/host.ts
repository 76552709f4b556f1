import type { PersonId } from '../core/brand.ts';
import type { Store } from './store.ts';

/** Whether every one of these people is there and may host. */
export async function isActiveHost(
  { engine, organisation }: Store,
  people: readonly PersonId[],
): Promise<boolean> {
  const wanted = new Set(people);
  const rows = await engine.read
    .selectFrom('role as r')
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 'r.organisation').onRef('p.person', '=', 'r.person'),
    )
    .select('r.person')
    .distinct()
    .where('r.organisation', '=', organisation)
    .where('r.person', 'in', [...wanted])
    .where('r.role', 'in', ['host', 'admin'])
    .where('p.state', '=', 'active')
    .execute();
  return rows.length === wanted.size;
}
