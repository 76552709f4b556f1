import type { Instant, PersonId } from '../core/brand.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { accountEvent, findAccount, loadHash, updateHash } from '../store/account.ts';
import { commit } from '../store/ledger.ts';
import { findMailedLink, insertMailedLink, takeMailedLink } from '../store/mailed-link.ts';
import { deleteSignIns } from '../store/sign-in-list.ts';
import { organisationStream } from '../store/store.ts';
import { presentMe } from './account.ts';
import type { App } from './app.ts';
import { checkPassword } from './password.ts';
import { hashSecret, makeSecret } from './secret.ts';
import type { Entry, HalfIn, Origin } from './sign-in.ts';
import { arrive } from './sign-in-step.ts';

const purpose = 'password';
/** The operator's link is used at once, by whoever stands at the terminal. */
const operatorLifeMs = 10 * 60_000;

/** Where a link to a new password leads; its token stands after the `#`, which no log sees. */
export const resetPath = '/app/new-password';

/** Makes a single-use link to a new password, for the operator of the machine, who holds the keys anyway. */
export async function makeResetLink(
  { store }: App,
  login: string,
  origin: string,
): Promise<{ link: string } | Refusal> {
  const account = await findAccount(store, store.vault.loginIndex(login));
  if (!account) return refuse('not-found');
  const { person } = account;
  const token = makeSecret(store.random);
  await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const expiresAt = (writing.now + operatorLifeMs) as Instant;
    const link = { person, data: {}, expiresAt };
    await insertMailedLink(store, writing, purpose, hashSecret(token), link);
    await writing.append([
      accountEvent(writing, 'password.link-made', person, { actor: 'operator' }),
    ]);
  });
  return { link: `${origin}${resetPath}#${token}` };
}

/**
 * Sets a new password by a link, uses the link up and ends all sign-ins; then in, or to the second step, which a link
 * does not take the place of.
 */
export async function finishReset(
  app: App,
  { token, password }: { token: string; password: string },
  from: Origin,
): Promise<Entry | HalfIn | Refusal> {
  const { store } = app;
  const tokenHash = hashSecret(token);
  const now = store.clock.now();
  const link = await findMailedLink(store, store.engine.read, purpose, tokenHash, now);
  if (!link?.person) return refuse('link-invalid');
  const { name, email, organisation } = await presentMe(app, link.person);
  const allowed = await checkPassword(password, [organisation, name, email]);
  if (!allowed.ok) return allowed;
  const hash = await app.passwords.hash(password);
  if (isRefusal(hash)) return hash;
  const arrived = await commit(store, async (writing) => {
    await writing.lock([organisationStream]);
    const taken = await takeMailedLink(store, writing, purpose, tokenHash);
    const person = taken?.person ?? null;
    if (person === null || !(await isAccount(app, writing.tx, person))) {
      return refuse('link-invalid');
    }
    await updateHash(store, writing, person, hash);
    const signedOut = await deleteSignIns(store, writing.tx, person);
    await writing.append([
      accountEvent(writing, 'password.reset', person, { facts: { signedOut } }),
    ]);
    return arrive(app, writing, { person, hash }, from, 'reset');
  });
  await app.live.recheck();
  return arrived;
}

type Tx = Parameters<typeof loadHash>[1];

async function isAccount({ store }: App, tx: Tx, person: PersonId): Promise<boolean> {
  const row = await tx
    .selectFrom('person')
    .select('state')
    .where('organisation', '=', store.organisation)
    .where('person', '=', person)
    .executeTakeFirst();
  return row?.state === 'active' && (await loadHash(store, tx, person)) !== null;
}
