import type { Role } from '../core/account.wire.ts';
import type { PersonId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { RoleLine } from '../core/role.wire.ts';
import { listAccounts } from '../store/account.ts';
import { setRoles } from '../store/role.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import { operator } from './gate.ts';

/** Everybody who is more than an attendee, by name. */
export async function presentRoles({ store, directory, settings }: App): Promise<RoleLine[]> {
  const accounts = await listAccounts(store);
  const more = [...accounts].filter(([, roles]) => [...roles].some((role) => role !== 'attendee'));
  const known = await directory.get(more.map(([person]) => person));
  const { compare } = new Intl.Collator(settings.current.language);
  return more
    .map(([id, roles]) => {
      const { name = '', email = null } = known.get(id) ?? {};
      return { id, name, email, roles: [...roles].sort() };
    })
    .sort((left, right) => compare(left.name, right.name));
}

/** Changes somebody else's roles, at once for what they have open. Refuses as `setRoles`, and `own-role`. */
export async function changeRoles(
  app: App,
  me: SignedIn,
  person: PersonId,
  roles: readonly Role[],
): Promise<{ ok: true } | Refusal> {
  if (person === me.person) return refuse('own-role');
  const changed = await setRoles(app.store, me.person, person, roles, me.person === operator);
  await app.live.recheck(new Set([person]));
  return changed;
}
