import type { PersonId } from '../core/brand.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { accountEvent, findAccount, loadHash } from '../store/account.ts';
import { loadPersonKeys } from '../store/key.ts';
import { commit, type Writing } from '../store/ledger.ts';
import { insertSignIn } from '../store/sign-in.ts';
import { deleteSignIns } from '../store/sign-in-list.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { openCookie } from './authenticate.ts';
import { knownDevice, rememberDevice } from './device.ts';
import { hashSecret, makeSecret } from './secret.ts';
import { deviceCookie, type SignInSecret } from './sign-in-cookie.ts';
import { describeDevice } from './user-agent.ts';

/** The browser from which somebody comes. */
export interface Origin {
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly address: string;
  readonly userAgent: string | undefined;
}

/** What the browser is given when somebody has come in. */
export interface Entry {
  readonly person: PersonId;
  readonly secret: SignInSecret;
  /** Value of the device cookie. */
  readonly device: string;
}

/**
 * Signs in with e-mail address or number. Unknown accounts, people without a password and wrong passwords get the same
 * answer after the same work.
 */
export async function signIn(
  app: App,
  { login, password }: { login: string; password: string },
  from: Origin,
): Promise<Entry | Refusal> {
  const { store } = app;
  const index = store.vault.loginIndex(login);
  const account = await findAccount(store, index);
  const device =
    account && knownDevice(store.vault.browserKey, from.cookies[deviceCookie], account.person);
  const attempt = await app.signInThrottle.begin(
    `account/${index.email ?? index.number ?? ''}`,
    from.address,
    device && `device/${device}/${account?.person}`,
  );
  if (!attempt.ok) return attempt;
  const right = await app.passwords.verify(account?.hash ?? null, password);
  if (isRefusal(right)) {
    await attempt.abandon();
    return right;
  }
  if (!account || !right) {
    await attempt.fail();
    return refuse('sign-in-wrong');
  }
  return commit(store, async (writing) => {
    // held from here on: the password may have been changed while this one was looked at
    await writing.lock([organisationStream]);
    const same = (await loadHash(store, writing.tx, account.person)) === account.hash;
    if (!same) return refuse('sign-in-wrong');
    await attempt.succeed(writing.tx);
    return enter(app, writing, account.person, from);
  });
}

/** Signs the person in who was shown in another way: a set-up, an invitation, an operator's link. */
export async function enter(
  { store }: App,
  writing: Writing,
  person: PersonId,
  from: Origin,
): Promise<Entry> {
  const { random, vault } = store;
  await writing.lock([organisationStream]);
  const before = await openCookie({ store }, from.cookies);
  if (before) {
    // the browser's cookie is replaced: nobody could use the earlier sign-in any more
    const { signIn: only, person: earlier } = before.signedIn;
    await deleteSignIns(store, writing.tx, earlier, { only });
  }
  const secret: SignInSecret = { handle: makeSecret(random), secret: makeSecret(random) };
  const described = { device: describeDevice(from.userAgent), address: from.address };
  await insertSignIn(store, writing, person, {
    signIn: hashSecret(secret.handle),
    secret: hashSecret(secret.secret),
    ...described,
  });
  const key = (await loadPersonKeys(store, writing.tx, [person])).get(person);
  if (!key) throw new Error('an account has no person');
  await writing.append([accountEvent(writing, 'sign-in.made', person, { data: described, key })]);
  const device = rememberDevice(vault.browserKey, from.cookies[deviceCookie], person, random);
  return { person, secret, device };
}
