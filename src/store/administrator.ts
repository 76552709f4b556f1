import type { Kysely } from 'kysely';
import type { PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/** Who is active and an administrator. */
export async function listAdministrators(
  { organisation }: Store,
  db: Kysely<Schema>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('role as r')
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 'r.organisation').onRef('p.person', '=', 'r.person'),
    )
    .select('r.person')
    .where('r.organisation', '=', organisation)
    .where('r.role', '=', 'admin')
    .where('p.state', '=', 'active')
    .execute();
  return rows.map(({ person }) => person);
}

/**
 * Whoever stops being an administrator must leave another one who is active and can sign in. Refuses `last-admin`.
 * Hold the stream of the organisation: so of two who remove each other one stays.
 */
export async function checkReplaceable(
  { organisation }: Store,
  tx: Kysely<Schema>,
  person: PersonId,
): Promise<{ ok: true } | Refusal> {
  const rows = await tx
    .selectFrom('role as r')
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 'r.organisation').onRef('p.person', '=', 'r.person'),
    )
    .leftJoin('credential as c', (join) =>
      join.onRef('c.organisation', '=', 'r.organisation').onRef('c.person', '=', 'r.person'),
    )
    .leftJoin('passkey as k', (join) =>
      join.onRef('k.organisation', '=', 'r.organisation').onRef('k.person', '=', 'r.person'),
    )
    .select(['r.person', 'c.hash', 'k.passkey'])
    .where('r.organisation', '=', organisation)
    .where('r.role', '=', 'admin')
    .where('p.state', '=', 'active')
    .execute();
  if (!rows.some((row) => row.person === person)) return { ok: true };
  const isReplaced = rows.some(
    (row) => row.person !== person && (row.hash !== null || row.passkey !== null),
  );
  return isReplaced ? { ok: true } : refuse('last-admin');
}
