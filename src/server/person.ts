import type { GroupId, LocalDate, PersonId } from '../core/brand.ts';
import type { Identity } from '../core/identity.ts';
import { localDate } from '../core/local-time.ts';
import { checkEmail, checkName, checkNumber } from '../core/person.ts';
import { type Refusal, type RefusalCode, refuse } from '../core/refusal.ts';
import type { CheckedRow } from '../core/roster.ts';
import { loadEnrolments, setEnrolments } from '../store/enrolment.ts';
import { erasePerson as eraseFromStore } from '../store/erasure.ts';
import { listGuarded } from '../store/guarded-enrolment.ts';
import { commit } from '../store/ledger.ts';
import { changePerson as changeInStore } from '../store/person.ts';
import { applyRoster, loadAccounts } from '../store/roster.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { groupStream } from '../store/store.ts';
import type { App } from './app.ts';
import { listReachedGroups } from './gate.ts';

interface PersonText {
  readonly number?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
}

interface Dates {
  readonly from?: LocalDate | undefined;
  readonly until?: LocalDate | null | undefined;
}

/** Adds a person to a group, or enrols the one who bears the number; the same words again change nothing. */
export async function addPerson(
  app: App,
  me: SignedIn,
  group: GroupId,
  request: PersonText & Dates & { readonly number: string; readonly name: string },
): Promise<{ person: PersonId } | Refusal> {
  const identity = checkIdentity(request);
  if (!identity.ok) return identity;
  const { number = '', name = '', email = null } = identity.identity;
  const { from, until } = request;
  const row: CheckedRow = {
    line: 1,
    number: number ?? '',
    name,
    email,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    problems: [],
  };
  const today = localDate(app.store.clock.now(), app.settings.current.zone);
  const order = {
    group,
    from: { date: today, named: false },
    mayRename: me.roles.has('admin'),
    knows: await listReachedGroups(app.store, 'group.read', me),
  };
  const [outcome] = await applyRoster(app.store, order, me.person, [row]);
  if (!outcome || outcome.action === 'wrong' || outcome.person === null) {
    const problem = outcome?.action === 'wrong' ? outcome.problems[0] : undefined;
    return refuse((problem ?? 'input-invalid') as RefusalCode);
  }
  app.directory.forget(outcome.person);
  return { person: outcome.person };
}

/**
 * Changes a person of the group: number, name, address, and the dates there. Who they are in the whole organisation
 * is an administrator's to change where the person has an account. Refuses `not-found`, `not-allowed`, `number-taken`,
 * `email-taken`, and what is wrong with a field.
 */
export async function changePerson(
  app: App,
  me: SignedIn,
  group: GroupId,
  person: PersonId,
  request: PersonText & Dates,
): Promise<{ ok: true } | Refusal> {
  const { store } = app;
  const checked = checkIdentity(request);
  if (!checked.ok) return checked;
  const { identity } = checked;
  const before = (await loadEnrolments(store, store.engine.read, group, [person])).get(person);
  if (!before) return refuse('not-found');
  const { from = before.from, until = before.until } = request;
  if (until !== null && until < from) return refuse('input-invalid', { field: 'until' });
  if (Object.keys(identity).length > 0) {
    const isOther = !me.roles.has('admin') && me.person !== person;
    const { read } = store.engine;
    const isGuarded = async () => (await listGuarded(store, read, group)).has(person);
    const hasAccount = async () => (await loadAccounts(store, read, [person])).size > 0;
    if (isOther && ((await hasAccount()) || (await isGuarded()))) return refuse('not-allowed');
    const changed = await changeInStore(store, me.person, person, identity);
    if (!changed.ok) return changed;
    app.directory.forget(person);
  }
  if (from !== before.from || until !== before.until) {
    await commit(store, async (writing) => {
      await writing.lock([groupStream(group)]);
      const stands = (await loadEnrolments(store, writing.tx, group, [person])).get(person) ?? null;
      const change = { person, before: stands, after: { from, until } };
      await setEnrolments(store, writing, me.person, group, [change]);
    });
  }
  return { ok: true };
}

/** Erases a person for good: the name goes, what was recorded stays. Open boards and sign-ins are checked again. */
export async function erasePerson(
  app: App,
  actor: string,
  person: PersonId,
): Promise<{ ok: true; erased: readonly PersonId[] } | Refusal> {
  const outcome = await eraseFromStore(app.store, actor, person);
  if (!outcome.ok) return outcome;
  for (const id of outcome.erased) app.directory.forget(id);
  await app.live.recheck();
  return outcome;
}

/** The given fields as they are kept, or what is wrong with the first that cannot be. */
export function checkIdentity(
  request: PersonText,
): { ok: true; identity: Partial<Identity> } | Refusal {
  const identity: { number?: string; name?: string; email?: string | null } = {};
  if (request.number !== undefined) {
    const number = checkNumber(request.number);
    if (!number.ok) return number;
    identity.number = number.number;
  }
  if (request.name !== undefined) {
    const name = checkName(request.name);
    if (!name.ok) return name;
    identity.name = name.name;
  }
  if (request.email === null || request.email?.trim() === '') identity.email = null;
  else if (request.email !== undefined) {
    const email = checkEmail(request.email);
    if (!email.ok) return email;
    identity.email = email.email;
  }
  return { ok: true, identity };
}
