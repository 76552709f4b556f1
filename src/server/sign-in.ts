import type { PersonId } from '../core/brand.ts';
import type { SecondStep } from '../core/sign-in.wire.ts';
import { accountEvent } from '../store/account.ts';
import { loadPersonKeys } from '../store/key.ts';
import type { Writing } from '../store/ledger.ts';
import { insertSignIn } from '../store/sign-in.ts';
import { deleteSignIns } from '../store/sign-in-list.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { openCookie } from './authenticate.ts';
import { rememberDevice } from './device.ts';
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

/** The password was right and does not do alone. */
export interface HalfIn extends SecondStep {
  /** Value of the cookie that the code has to come with; null where only a passkey does. */
  readonly ticket: string | null;
}

/** How somebody showed who they are. `link` is a set-up, an invitation or the operator's link. */
export type SignInWay = 'password' | 'code' | 'recovery-code' | 'passkey' | 'reset' | 'link';

/** Signs in the person who was shown: gives the browser a cookie and writes the event. */
export async function enter(
  { store }: App,
  writing: Writing,
  person: PersonId,
  from: Origin,
  how: SignInWay = 'link',
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
  const key = (await loadPersonKeys(store, writing.tx, [person])).get(person);
  if (!key) throw new Error('an account has no person');
  const facts = { how };
  const [event] = await writing.append([
    accountEvent(writing, 'sign-in.made', person, { facts, data: described, key }),
  ]);
  await insertSignIn(store, writing, person, {
    signIn: hashSecret(secret.handle),
    secret: hashSecret(secret.secret),
    ...described,
    seq: event?.seq ?? 0,
  });
  const device = rememberDevice(vault.browserKey, from.cookies[deviceCookie], person, random);
  return { person, secret, device };
}
