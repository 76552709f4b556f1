import type { FastifyRequest } from 'fastify';
import {
  addPlace,
  findPlace,
  type OpenedSignIn,
  oldSecretMs,
  openSignIn,
  type SignedIn,
  touchSignIn,
} from '../store/sign-in.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { operator } from './gate.ts';
import { hashSecret, sameHash } from './secret.ts';
import { readSignInCookie } from './sign-in-cookie.ts';
import { describeDevice } from './user-agent.ts';

/** A use of the sign-in is written down at most this often. */
const touchMs = 5 * 60_000;

type Asking = Pick<FastifyRequest, 'headers' | 'cookies' | 'trust' | 'method'>;

/** Who asks: the command line on this machine by its token, everybody else by the cookie of a sign-in. */
export async function authenticate(
  { store, operatorToken }: Pick<App, 'store' | 'operatorToken'>,
  { headers, cookies, trust, method }: Asking,
): Promise<SignedIn | null> {
  const now = store.clock.now();
  if (trust.loopback && operatorToken.check(headers.authorization)) {
    return {
      person: operator,
      roles: new Set(['admin', 'host']),
      signIn: 'operator',
      createdAt: now,
      seenAt: now,
    };
  }
  if (!trust.secure) return null;
  const opened = await openCookie({ store }, cookies);
  if (!opened) return null;
  const { signedIn } = opened;
  if (now - signedIn.seenAt >= touchMs) {
    // a full disk must not keep anybody from looking
    await touchSignIn(store, signedIn.signIn).catch(() => {});
  }
  const place = { address: trust.address, device: describeDevice(headers['user-agent']) };
  const from = findPlace(opened, place) ?? (await comeFrom(store, signedIn, place, method));
  if (from === null) return null;
  return from === undefined ? signedIn : { ...signedIn, from };
}

/**
 * The event that says from where; null where the sign-in ended meanwhile, or came from too many places lately. A change
 * whose origin cannot be written down would not be either; whoever only looks may look.
 */
async function comeFrom(
  store: Store,
  signedIn: SignedIn,
  place: { readonly address: string; readonly device: string },
  method: string,
): Promise<number | null | undefined> {
  try {
    return await addPlace(store, signedIn, place);
  } catch (error) {
    if (method !== 'GET') throw error;
    return undefined;
  }
}

/** The sign-in behind a request's cookie, where the secret is the present one, or was until a moment ago. */
export async function openCookie(
  { store }: Pick<App, 'store'>,
  cookies: Readonly<Record<string, string | undefined>>,
): Promise<OpenedSignIn | null> {
  const shown = readSignInCookie(cookies);
  if (!shown) return null;
  const now = store.clock.now();
  const opened = await openSignIn(store, hashSecret(shown.handle), now);
  if (!opened) return null;
  const hash = hashSecret(shown.secret);
  if (sameHash(hash, opened.secret)) return opened;
  const recent = opened.oldSecret !== null && now - opened.secretAt < oldSecretMs;
  return recent && sameHash(hash, opened.oldSecret ?? '') ? opened : null;
}
