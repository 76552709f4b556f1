import type { LocalDate, PersonId } from '../core/brand.ts';
import type { Identity } from '../core/identity.ts';
import { localDate } from '../core/local-time.ts';
import type { NewPerson, OwnFields, WholePersonChange } from '../core/people.wire.ts';
import { checkDetails, checkOwnFields, mergeOwn } from '../core/person-detail.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { loadOwnFields, saveOwnFields } from '../store/own-field.ts';
import { changePerson } from '../store/person.ts';
import { addMember } from '../store/person-add.ts';
import { setPersonState } from '../store/person-state.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import { checkIdentity } from './person.ts';
import { loadMember } from './person-view.ts';

const todayOf = ({ store, settings }: App): LocalDate =>
  localDate(store.clock.now(), settings.current.zone);

/** Adds a person to the organisation, in no group. Refuses what is wrong with a field, or taken. */
export async function addToOrganisation(
  app: App,
  actor: string,
  { number, name, email, ...given }: NewPerson,
): Promise<{ person: PersonId } | Refusal> {
  const identity = checkIdentity({ ...(number?.trim() ? { number } : {}), name, email });
  if (!identity.ok) return identity;
  const details = checkDetails(given, await loadOwnFields(app.store), todayOf(app));
  if (!details.ok) return details;
  const whole = { number: null, name: '', email: null, ...identity.identity, ...details.details };
  return addMember(app.store, actor, whole);
}

/** Changes a person of the organisation; what is left out stays. Refuses `not-found`, and what is wrong or taken. */
export async function changeInOrganisation(
  app: App,
  actor: string,
  person: PersonId,
  { number, name, email, ...given }: WholePersonChange,
): Promise<{ ok: true } | Refusal> {
  const known = await loadMember(app, person);
  if (!known) return refuse('not-found');
  const takesNumber = number === null || number?.trim() === '';
  const identity = checkIdentity({ number: takesNumber ? undefined : number, name, email });
  if (!identity.ok) return identity;
  const details = checkDetails(given, await loadOwnFields(app.store), todayOf(app));
  if (!details.ok) return details;
  const change: Partial<Identity> = {
    ...identity.identity,
    ...(takesNumber ? { number: null } : {}),
    ...details.details,
    ...(details.details.own ? { own: mergeOwn(known.own, details.details.own) } : {}),
  };
  const changed = await changePerson(app.store, actor, person, change);
  app.directory.forget(person);
  return changed;
}

/** Deactivates a person or brings one back. Refuses `not-found`, `not-allowed` for oneself, `last-admin`. */
export async function changeState(
  app: App,
  me: SignedIn,
  person: PersonId,
  state: 'active' | 'inactive',
  reason?: string,
): Promise<{ ok: true } | Refusal> {
  if (me.person === person) return refuse('not-allowed');
  const changed = await setPersonState(app.store, me.person, person, state, reason);
  if (!changed.ok) return changed;
  app.directory.forget(person);
  await app.live.recheck(new Set([person]));
  return changed;
}

/** Replaces the organisation's own fields. Refuses `own-field-wrong`. */
export async function changeOwnFields(
  app: App,
  actor: string,
  { fields }: OwnFields,
): Promise<{ ok: true } | Refusal> {
  const checked = checkOwnFields(fields);
  if (checked.ok) await saveOwnFields(app.store, actor, fields);
  return checked;
}
