import { type Refusal, refuse } from '../core/refusal.ts';
import { findAccount, listAccounts, loadHash } from '../store/account.ts';
import { commit } from '../store/ledger.ts';
import { insertSignInLink, takeSignInLink } from '../store/sign-in-link.ts';
import type { App } from './app.ts';
import { hashSecret, makeSecret } from './secret.ts';
import { type Entry, enter, type Origin } from './sign-in.ts';

/**
 * Makes a one-time link that signs an account in without its password, for the operator of the machine, who holds the
 * keys anyway: the demo opens the board with one, and a forgotten password is got round with one.
 * @param login whose; without one, the first administrator's
 */
export async function makeLink(
  { store }: App,
  login: string | undefined,
  origin: string,
): Promise<{ link: string } | Refusal> {
  const person =
    login === undefined
      ? [...(await listAccounts(store))].find(([, roles]) => roles.has('admin'))?.[0]
      : (await findAccount(store, store.vault.loginIndex(login)))?.person;
  if (person === undefined) return refuse(login === undefined ? 'not-set-up' : 'not-found');
  const token = makeSecret(store.random);
  await commit(store, (writing) => insertSignInLink(store, writing, hashSecret(token), person));
  return { link: `${origin}/app/sign-in-link#${token}` };
}

/** Uses up an operator's link. */
export function followLink(app: App, token: string, from: Origin): Promise<Entry | Refusal> {
  const { store } = app;
  return commit(store, async (writing) => {
    const person = await takeSignInLink(store, writing, hashSecret(token));
    const exists = person !== null && (await loadHash(store, writing.tx, person)) !== null;
    return exists ? enter(app, writing, person, from) : refuse('link-invalid');
  });
}
