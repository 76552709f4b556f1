import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { findAccount, loadHash } from '../store/account.ts';
import type { App } from './app.ts';
import { knownDevice } from './device.ts';
import type { Entry, HalfIn, Origin } from './sign-in.ts';
import { deviceCookie } from './sign-in-cookie.ts';
import { noteRefused } from './sign-in-refused.ts';
import { arrive } from './sign-in-step.ts';

/**
 * Signs in with e-mail address or number. Unknown accounts, people without a password and wrong passwords get the same
 * answer after the same work.
 */
export function signIn(
  app: App,
  given: { login: string; password: string },
  from: Origin,
): Promise<Entry | HalfIn | Refusal> {
  return app.signInRush.take(from.address, () => tryPassword(app, given, from));
}

async function tryPassword(
  app: App,
  { login, password }: { login: string; password: string },
  from: Origin,
): Promise<Entry | HalfIn | Refusal> {
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
    if (account) noteRefused(app, account.person, from, 'password');
    return refuse('sign-in-wrong');
  }
  return app.signInRush.commit(async (writing) => {
    // the password may have been changed while this one was looked at
    const present = await loadHash(store, writing.tx, account.person);
    if (present !== account.hash) return refuse('sign-in-wrong');
    const [arrived] = await Promise.all([
      arrive(app, writing, account, from, 'password'),
      attempt.succeed(writing.tx),
    ]);
    return arrived;
  });
}
