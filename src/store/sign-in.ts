import type { Role } from '../core/account.wire.ts';
import type { Instant, PersonId } from '../core/brand.ts';
import type { Store } from './store.ts';

/** Who stands behind a cookie. */
export interface SignedIn {
  readonly person: PersonId;
  readonly roles: ReadonlySet<Role>;
  /** Names the sign-in in lists and on the live channel: the hash of the cookie's secret. */
  readonly signIn: string;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
}

/** The sign-in behind a cookie's hash while it lasts, with the person's roles of this moment. */
export async function loadSignIn(
  store: Store,
  signIn: string,
  now: Instant,
): Promise<SignedIn | null> {
  const rows = await store.engine.read
    .selectFrom('sign_in as s')
    .leftJoin('role as r', (join) =>
      join.onRef('r.organisation', '=', 's.organisation').onRef('r.person', '=', 's.person'),
    )
    .select(['s.person', 's.created_at', 's.seen_at', 's.expires_at', 'r.role'])
    .where('s.organisation', '=', store.organisation)
    .where('s.sign_in', '=', signIn)
    .execute();
  const first = rows[0];
  if (!first || first.expires_at <= now) return null;
  return {
    person: first.person as PersonId,
    roles: new Set(rows.flatMap(({ role }) => (role ? [role as Role] : []))),
    signIn,
    createdAt: first.created_at as Instant,
    seenAt: first.seen_at as Instant,
  };
}

/** Whether the person hosts the group. */
export async function isHostOf(store: Store, person: PersonId, group: string): Promise<boolean> {
  const row = await store.engine.read
    .selectFrom('group_host')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .where('person', '=', person)
    .executeTakeFirst();
  return row !== undefined;
}
