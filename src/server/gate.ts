import type { GroupId, PersonId, SessionId } from '../core/brand.ts';
import { type Permission, reachOf, reachOfRole } from '../core/permission.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { isEnrolledIn, listOwnGroups, type OwnBy } from '../store/own-group.ts';
import { loadSession } from '../store/session.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { Store } from '../store/store.ts';
import type { Requirement } from './route.ts';

/** The person of the command line on the machine itself, who holds the keys anyway. */
export const operator = 'operator' as PersonId;

const uuid = /^[0-9a-f-]{36}$/;

type Allowed = { readonly ok: true } | Refusal;
const yes = { ok: true } as const;

/**
 * May this person use a route with this requirement? `:session`, `:group` or `:person` of the path say whose it is.
 * Somebody who may not see that one is told `not-found`, so that ids cannot be probed. A path without them passes
 * with any reach: its use case shows only what `listReachedGroups` tells.
 */
export async function checkRequirement(
  store: Store,
  needs: Exclude<Requirement, 'metrics'>,
  me: SignedIn | null,
  params: Readonly<Record<string, string>>,
): Promise<Allowed> {
  if (needs === 'anyone') return yes;
  if (!me) return refuse('sign-in-needed');
  if (reachOf(needs, me.roles) === 'never') return refuse('not-allowed');
  if ('session' in params) return checkSession(store, needs, me, params.session as SessionId);
  if ('group' in params) return checkGroup(store, needs, me, params.group as GroupId);
  if ('person' in params) return checkPerson(store, needs, me, params.person ?? '');
  return yes;
}

/** The groups in which somebody has a permission; null for all of them. */
export async function listReachedGroups(
  store: Store,
  needs: Permission,
  me: SignedIn,
): Promise<ReadonlySet<string> | null> {
  const reach = reachOf(needs, me.roles);
  if (reach === 'all') return null;
  return listOwnGroups(store, me.person, ownBy(needs, me));
}

/** May this person do it in this group? Refuses `not-found`. */
export async function checkGroup(
  store: Store,
  needs: Permission,
  me: SignedIn,
  group: GroupId,
): Promise<Allowed> {
  if (!uuid.test(group ?? '')) return refuse('not-found');
  const found = await store.engine.read
    .selectFrom('group')
    .select('group')
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .executeTakeFirst();
  if (!found) return refuse('not-found');
  const reached = await listReachedGroups(store, needs, me);
  return reached === null || reached.has(group) ? yes : refuse('not-found');
}

/** May this person do it in this session? A quick roll belongs to the host who opened it. Refuses `not-found`. */
export async function checkSession(
  store: Store,
  needs: Permission,
  me: SignedIn,
  session: SessionId,
): Promise<Allowed> {
  if (!uuid.test(session ?? '')) return refuse('not-found');
  const row = await loadSession(store, store.engine.read, session);
  if (!row) return refuse('not-found');
  if (row.group === null) return checkQuickRoll(needs, me, row.createdBy);
  const reached = await listReachedGroups(store, needs, me);
  return reached === null || reached.has(row.group) ? yes : refuse('not-found');
}

function checkQuickRoll(needs: Permission, me: SignedIn, openedBy: string): Allowed {
  if (reachOf(needs, me.roles) === 'all') return yes;
  return ownBy(needs, me).host && openedBy === me.person ? yes : refuse('not-found');
}

/** An attendee's own is the person themselves; a host's and a supervisor's, whoever is enrolled with them. */
async function checkPerson(
  store: Store,
  needs: Permission,
  me: SignedIn,
  person: string,
): Promise<Allowed> {
  const reached = await listReachedGroups(store, needs, me);
  if (reached === null) return yes;
  if (person === me.person && reachOfRole(needs, 'attendee') !== 'never') return yes;
  return uuid.test(person) && (await isEnrolledIn(store, person, reached))
    ? yes
    : refuse('not-found');
}

const ownBy = (needs: Permission, { roles }: SignedIn): OwnBy => ({
  host: roles.has('host') && reachOfRole(needs, 'host') !== 'never',
  supervisor: roles.has('supervisor') && reachOfRole(needs, 'supervisor') !== 'never',
});
