import type { z } from 'zod';
import type { Instant } from '../core/brand.ts';
import { checkEmail, checkName, checkNumber } from '../core/person.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import {
  type RegistrationRequest,
  type RegistrationSettings,
  type RegistrationState,
  type RegistrationView,
  type registrationFinish,
  registrationSettings,
} from '../core/registration.wire.ts';
import { insertAccount, isEmailTaken } from '../store/account.ts';
import { noteFailures } from '../store/failure.ts';
import { commit } from '../store/ledger.ts';
import { queueMail } from '../store/mail.ts';
import { findMailedLink, insertMailedLink, takeMailedLink } from '../store/mailed-link.ts';
import { findTaken } from '../store/person.ts';
import { claimAccount, findClaimable } from '../store/registration.ts';
import { loadSetting, saveSetting } from '../store/setting.ts';
import { organisationStream, peopleStream, type Store } from '../store/store.ts';
import { networkOf } from './address.ts';
import type { App } from './app.ts';
import { linkOrigin } from './link-origin.ts';
import { loadMailServer } from './mail.ts';
import { checkPassword, passwordMinLength } from './password.ts';
import { hashSecret, makeSecret } from './secret.ts';
import { type Entry, enter, type Origin } from './sign-in.ts';

const purpose = 'registration';
const settingName = 'registration';
const lifeHours = 2;
const hourMs = 3_600_000;
/** Mails to one address in an hour, and requests from one network: a whole class may stand behind one. */
const perEmail = 3;
const perNetwork = 60;

const loadDomains = (store: Store) =>
  loadSetting(store, settingName, registrationSettings, { domains: [] });

/** Mail domains whose owners may register; none is nobody. */
export const presentRegistrationSettings = ({ store }: App): Promise<RegistrationSettings> =>
  loadDomains(store);

export async function changeRegistration(
  { store }: App,
  actor: string,
  { domains }: RegistrationSettings,
): Promise<{ ok: true }> {
  return commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const before = (
      await loadSetting(store, settingName, registrationSettings, { domains: [] }, writing.tx)
    ).domains;
    const after = [...new Set(domains)].sort();
    if (before.join() === after.join()) return { ok: true };
    await saveSetting(store, writing, settingName, { domains: after });
    await writing.append([
      {
        stream: organisationStream,
        type: 'registration.changed',
        occurredAt: writing.now,
        actor,
        subject: null,
        facts: { before, after },
      },
    ]);
    return { ok: true };
  });
}

/** Open only where a domain is named and a mail server is set: the mailed link proves whose the address is. */
export async function presentRegistration({ store, settings }: App): Promise<RegistrationState> {
  const [{ domains }, server] = await Promise.all([loadDomains(store), loadMailServer(store)]);
  const open = domains.length > 0 && server !== null;
  return { open, organisation: settings.current.name, domains: open ? domains : [] };
}

/**
 * Mails a single-use link to an address of an allowed domain. Whom an administrator knows by that address gets a link
 * to an account of their own, whatever number and name were typed; an address that has an account gets a mail that says
 * so. The answer is the same at once: what comes of it happens afterwards. Refuses what is wrong with a field,
 * `not-allowed` and `throttled`.
 */
export async function register(
  app: App,
  request: RegistrationRequest,
  address: string,
): Promise<{ ok: true } | Refusal> {
  const { store } = app;
  const number = checkNumber(request.number);
  if (!number.ok) return number;
  const name = checkName(request.name);
  if (!name.ok) return name;
  const email = checkEmail(request.email);
  if (!email.ok) return email;
  const to = email.email;
  if (!(await isAllowed(app, to))) return refuse('not-allowed');
  const subjects = [
    { subject: `registration/${to}`, limit: perEmail },
    { subject: `registration-network/${networkOf(address)}`, limit: perNetwork },
  ];
  const failures = subjects.map(({ subject }) => ({ subject, windowMs: hourMs }));
  const [counted] = await noteFailures(store, [failures]);
  if (subjects.some(({ subject, limit }) => (counted?.(subject).count ?? 0) >= limit)) {
    return refuse('throttled', { retryAfter: hourMs / 1_000 });
  }
  mailLink(app, { number: number.number, name: name.name, email: to }).catch((error: unknown) =>
    app.databaseAway.log(error, 'a link to register could not be made'),
  );
  return { ok: true };
}

async function mailLink(
  app: App,
  { number, name, email: to }: Record<'number' | 'name' | 'email', string>,
): Promise<void> {
  const { store } = app;
  const { read } = store.engine;
  const claimable = await findClaimable(store, read, to);
  const isKnown = claimable === null && (await isEmailTaken(store, read, to));
  const token = makeSecret(store.random);
  const link = `${linkOrigin(app, null)}/app/registration/finish#${token}`;
  await commit(store, async (writing) => {
    // of a known address the link is sent to nobody
    await insertMailedLink(store, writing, purpose, hashSecret(token), {
      person: claimable?.person ?? null,
      data: { number, name, email: to, isKnown },
      expiresAt: (writing.now + lifeHours * hourMs) as Instant,
    });
    await queueMail(store, writing, [
      isKnown
        ? { to, template: 'registration-known', data: {} }
        : { to, template: 'registration', data: { link, hours: String(lifeHours) } },
    ]);
  });
}

/** What whoever holds the link registers as. */
export async function viewRegistration(
  app: App,
  token: string,
): Promise<RegistrationView | Refusal> {
  const { store, settings } = app;
  const now = store.clock.now();
  const link = await findMailedLink(store, store.engine.read, purpose, hashSecret(token), now);
  const { number, name, email, isKnown } = (link?.data ?? {}) as Record<string, string | boolean>;
  if (!link || isKnown || !(await isAllowed(app, String(email)))) return refuse('link-invalid');
  const rest = { email: String(email), organisation: settings.current.name, passwordMinLength };
  if (link.person === null) {
    return { known: false, number: String(number), name: String(name), ...rest };
  }
  const claimable = await findClaimable(store, store.engine.read, rest.email);
  if (claimable?.person !== link.person) return refuse('link-invalid');
  return { known: true, number: claimable.number, name: claimable.name, ...rest };
}

/**
 * Uses the link up, makes an attendee, or gives the one who is known by the address an account, and signs them in.
 * Refuses `link-invalid`, what is wrong with the password, `number-taken`, `number-retired` and `email-taken`.
 */
export async function finishRegistration(
  app: App,
  { token, password }: z.infer<typeof registrationFinish>,
  from: Origin,
): Promise<Entry | Refusal> {
  const { store } = app;
  const view = await viewRegistration(app, token);
  if (isRefusal(view)) return view;
  const { known, number, name, email, organisation } = view;
  const allowed = await checkPassword(password, [organisation, name, email]);
  if (!allowed.ok) return allowed;
  const hash = await app.passwords.hash(password);
  if (isRefusal(hash)) return hash;
  return commit(store, async (writing) => {
    await writing.lock([organisationStream, peopleStream]);
    const claimable = known ? await findClaimable(store, writing.tx, email) : null;
    const taken = known ? null : await findTaken(store, writing.tx, null, { number, email });
    if (taken) return taken;
    const link = await takeMailedLink(store, writing, purpose, hashSecret(token));
    if (!link || link.person !== (claimable?.person ?? null)) return refuse('link-invalid');
    if (claimable) {
      await claimAccount(store, writing, claimable.person, hash);
      return enter(app, writing, claimable.person, from);
    }
    if (known || number === null) return refuse('link-invalid');
    const account = { number, name, email, hash, roles: ['attendee'] as const };
    const person = await insertAccount(store, writing, 'registration', account);
    return enter(app, writing, person, from);
  });
}

async function isAllowed(app: App, email: string): Promise<boolean> {
  const { open, domains } = await presentRegistration(app);
  return open && domains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase());
}
