import type { Answer } from '../../client/request.ts';
import { beginPasskey, challengePasskey, signInByPasskey } from '../../client/sign-in.ts';
import type { Me } from '../../core/account.wire.ts';
import { send } from '../app/send.ts';

const load = () => import('@simplewebauthn/browser');

/** Whether this browser knows passkeys at all. */
export const knowsPasskeys = (): boolean => typeof globalThis.PublicKeyCredential === 'function';

/** Asks the browser for a passkey and signs in with it; null where the person, or the browser, gave none. */
export async function usePasskey(): Promise<Answer<Me> | null> {
  const asked = await challengePasskey(send);
  if (!asked.ok) return asked;
  const { startAuthentication } = await load();
  const response = await startAuthentication({ optionsJSON: asked.value }).catch(() => null);
  return response && signInByPasskey(send, response);
}

/** Lets the browser make a passkey; null where the person, or the browser, made none. */
export async function makePasskey(password: string) {
  const begun = await beginPasskey(send, password);
  if (!begun.ok) return begun;
  const { startRegistration } = await load();
  const response = await startRegistration({ optionsJSON: begun.value }).catch(() => null);
  return response && ({ ok: true, value: response } as const);
}
