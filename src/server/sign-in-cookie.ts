import { signInLifeMs } from '../store/sign-in.ts';

/** The cookie of somebody who signed in: `HANDLE.SECRET`. The handle stays, the secret changes daily. */
const signInCookie = 'muster';
/** Of a browser in which somebody has signed in before (device.ts). */
export const deviceCookie = 'muster_device';

/** Of a browser in which the password was right and the second step is still to come. */
export const stepCookie = 'muster_step';

const deviceLifeS = 365 * 24 * 3_600;

export interface SignInSecret {
  readonly handle: string;
  readonly secret: string;
}

type Cookies = Readonly<Record<string, string | undefined>>;

export function readSignInCookie(cookies: Cookies): SignInSecret | null {
  const [, handle, secret] = /^([\w-]{43})\.([\w-]{43})$/.exec(cookies[signInCookie] ?? '') ?? [];
  return handle === undefined || secret === undefined ? null : { handle, secret };
}

/** @param origin of the request: the cookie is Secure where it came over TLS */
const cookie = (name: string, value: string, origin: string, maxAgeS: number): string =>
  `${name}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${origin.startsWith('https:') ? '; Secure' : ''}`;

/** @param remainingMs how long the sign-in still lasts */
export const setSignInCookie = (
  { handle, secret }: SignInSecret,
  origin: string,
  remainingMs = signInLifeMs,
): string =>
  cookie(signInCookie, `${handle}.${secret}`, origin, Math.max(1, Math.floor(remainingMs / 1_000)));

export const clearSignInCookie = (origin: string): string => cookie(signInCookie, '', origin, 0);

export const setDeviceCookie = (value: string, origin: string): string =>
  cookie(deviceCookie, value, origin, deviceLifeS);

export const setStepCookie = (value: string, origin: string, lifeMs: number): string =>
  cookie(stepCookie, value, origin, Math.floor(lifeMs / 1_000));

export const clearStepCookie = (origin: string): string => cookie(stepCookie, '', origin, 0);
