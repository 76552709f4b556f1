import type { GroupId, PersonId, SessionId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { loadSession } from '../store/session.ts';
import { isHostOf, type SignedIn } from '../store/sign-in.ts';
import type { Store } from '../store/store.ts';
import type { Requirement } from './route.ts';

/** The person of the command line on the machine itself, who holds the keys anyway. */
export const operator = 'operator' as PersonId;

const uuid = /^[0-9a-f-]{36}$/;

/**
 * May this person use a route with this requirement? Somebody who may not see a group or session is told
 * `not-found`, so that ids cannot be probed.
 */
export async function checkRequirement(
  store: Store,
  needs: Exclude<Requirement, 'metrics'>,
  me: SignedIn | null,
  params: Readonly<Record<string, string>>,
): Promise<{ ok: true } | Refusal> {
  if (needs === 'anyone') return { ok: true };
  if (!me) return refuse('sign-in-needed');
  if (needs === 'signed-in') return { ok: true };
  const admin = me.roles.has('admin');
  const host = admin || me.roles.has('host');
  if (needs === 'admin') return admin ? { ok: true } : refuse('not-allowed');
  if (!host) return refuse('not-allowed');
  if (needs === 'host') return { ok: true };
  if (needs === 'group-host') return mayHostGroup(store, me, params.group as GroupId);
  return mayHostSession(store, me, params.session as SessionId);
}

export async function mayHostGroup(
  store: Store,
  me: SignedIn,
  group: GroupId,
): Promise<{ ok: true } | Refusal> {
  if (!uuid.test(group ?? '')) return refuse('not-found');
  const found = await store.engine.read
    .selectFrom('group')
    .select('group')
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .executeTakeFirst();
  if (!found) return refuse('not-found');
  if (me.roles.has('admin')) return { ok: true };
  return me.roles.has('host') && (await isHostOf(store, me.person, group))
    ? { ok: true }
    : refuse('not-found');
}

/** Hosts of the session's group; a quick roll belongs to whoever opened it. */
export async function mayHostSession(
  store: Store,
  me: SignedIn,
  session: SessionId,
): Promise<{ ok: true } | Refusal> {
  if (!uuid.test(session ?? '')) return refuse('not-found');
  const row = await loadSession(store, store.engine.read, session);
  if (!row) return refuse('not-found');
  if (me.roles.has('admin')) return { ok: true };
  if (!me.roles.has('host')) return refuse('not-found');
  if (row.group === null) return row.createdBy === me.person ? { ok: true } : refuse('not-found');
  return (await isHostOf(store, me.person, row.group)) ? { ok: true } : refuse('not-found');
}
