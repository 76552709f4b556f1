import type { Host, Me, Role, SignIn } from '../core/account.wire.ts';
import type { PersonId } from '../core/brand.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { accountEvent, listAccounts, loadHash, updateHash } from '../store/account.ts';
import { commit } from '../store/ledger.ts';
import { loadMust } from '../store/second-step.ts';
import { rotateSecret, type SignedIn, signInLifeMs } from '../store/sign-in.ts';
import { deleteSignIns, listSignIns } from '../store/sign-in-list.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { openCookie } from './authenticate.ts';
import { operator } from './gate.ts';
import { checkPassword } from './password.ts';
import { hashSecret, makeSecret } from './secret.ts';
import { readSignInCookie, type SignInSecret } from './sign-in-cookie.ts';

/** A cookie's secret is replaced when it is older. */
const secretAgeMs = 24 * 3_600_000;

/** The person as their own pages show them. */
export async function presentMe(app: App, person: PersonId): Promise<Me> {
  const { name: organisation, zone, language, words } = app.settings.current;
  const shared = { organisation, zone, language, words };
  if (person === operator) {
    return {
      id: operator,
      name: 'operator',
      email: null,
      roles: ['admin', 'host'],
      must: null,
      ...shared,
    };
  }
  const [known, accounts] = await Promise.all([
    app.directory.get([person]),
    listAccounts(app.store, person),
  ]);
  const { name = '', email = null } = known.get(person) ?? {};
  const roles = accounts.get(person) ?? new Set<Role>();
  const must = await loadMust(app.store, person, roles);
  return { id: person, name, email, roles: [...roles].sort(), must, ...shared };
}

/** Gives the cookie a new secret where the old one is a day old; null where it may stay. */
export async function renewSecret(
  { store }: App,
  cookies: Readonly<Record<string, string | undefined>>,
): Promise<{ secret: SignInSecret; remainingMs: number } | null> {
  const now = store.clock.now();
  const shown = readSignInCookie(cookies);
  const opened = shown && (await openCookie({ store }, cookies));
  if (!opened || now - opened.secretAt < secretAgeMs) return null;
  const { signIn, createdAt } = opened.signedIn;
  const secret = { handle: shown.handle, secret: makeSecret(store.random) };
  const from = hashSecret(shown.secret);
  const mine = await rotateSecret(store, signIn, from, hashSecret(secret.secret));
  return mine ? { secret, remainingMs: createdAt + signInLifeMs - now } : null;
}

export async function presentSignIns(app: App, me: SignedIn): Promise<SignIn[]> {
  const signIns = await listSignIns(app.store, me.person, app.store.clock.now());
  return signIns.map((signIn) => ({ ...signIn, current: signIn.id === me.signIn }));
}

export const signOut = (app: App, me: SignedIn) => endSignIns(app, me, { only: me.signIn });
export const signOutEverywhere = (app: App, me: SignedIn) => endSignIns(app, me, {});

/** Ends one of the person's own sign-ins. */
export async function revokeSignIn(
  app: App,
  me: SignedIn,
  signIn: string,
): Promise<{ ok: true } | Refusal> {
  return (await endSignIns(app, me, { only: signIn })) > 0 ? { ok: true } : refuse('not-found');
}

async function endSignIns(
  app: App,
  { person }: SignedIn,
  which: { only?: string },
): Promise<number> {
  const { store } = app;
  const ended = await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const count = await deleteSignIns(store, writing.tx, person, which);
    const facts = { count };
    if (count > 0)
      await writing.append([accountEvent(writing, 'sign-in.ended', person, { facts })]);
    return count;
  });
  await app.live.recheck();
  return ended;
}

/** Asks for the password again before something that a found-open browser must not do; throttled like a sign-in. */
export async function checkOwnPassword(
  app: App,
  { person }: SignedIn,
  password: string,
  address: string,
): Promise<{ ok: true; hash: string } | Refusal> {
  const hash = await loadHash(app.store, app.store.engine.read, person);
  if (hash === null) return refuse('not-allowed');
  const attempt = await app.signInThrottle.begin(`own/${person}`, address, null);
  if (!attempt.ok) return attempt;
  const right = await app.passwords.verify(hash, password);
  if (isRefusal(right)) {
    await attempt.abandon();
    return right;
  }
  await (right ? attempt.succeed() : attempt.fail());
  return right ? { ok: true, hash } : refuse('password-wrong');
}

/** Changes the person's password and ends their other sign-ins. */
export async function changePassword(
  app: App,
  me: SignedIn,
  { current, next }: { current: string; next: string },
  address: string,
): Promise<{ ok: true } | Refusal> {
  const { store } = app;
  const checked = await checkOwnPassword(app, me, current, address);
  if (!checked.ok) return checked;
  const { name, email, organisation } = await presentMe(app, me.person);
  const allowed = await checkPassword(next, [organisation, name, email]);
  if (!allowed.ok) return allowed;
  const hash = await app.passwords.hash(next);
  if (isRefusal(hash)) return hash;
  const changed = await commit(store, async (writing) => {
    // somebody else may have changed it meanwhile: then the one given is not the present one
    await writing.lock([organisationStream]);
    const present = await loadHash(store, writing.tx, me.person);
    if (present !== checked.hash) return refuse('password-wrong');
    await updateHash(store, writing, me.person, hash);
    const count = await deleteSignIns(store, writing.tx, me.person, { except: me.signIn });
    const facts = { signedOut: count };
    await writing.append([accountEvent(writing, 'password.changed', me.person, { facts })]);
    return { ok: true } as const;
  });
  await app.live.recheck();
  return changed;
}

const leading: readonly Role[] = ['admin', 'host', 'supervisor'];

/** Everybody who can be made a host or supervisor of a group, by name. */
export async function presentHosts(app: App): Promise<Host[]> {
  const accounts = await listAccounts(app.store);
  for (const [person, roles] of accounts) {
    if (!leading.some((role) => roles.has(role))) accounts.delete(person);
  }
  const known = await app.directory.get(accounts.keys());
  const { compare } = new Intl.Collator(app.settings.current.language);
  return [...accounts]
    .map(([id, roles]) => ({ id, name: known.get(id)?.name ?? '', roles: [...roles].sort() }))
    .sort((left, right) => compare(left.name, right.name));
}
