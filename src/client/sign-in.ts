import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { Me } from '../core/account.wire.ts';
import type {
  AssignedPassword,
  Passkey,
  RecoveryCodes,
  SecondStep,
  SecondStepSetting,
  SecondSteps,
  SignInPast,
  SignInWays,
  TotpOffer,
} from '../core/sign-in.wire.ts';
import type { Send } from './request.ts';

/** What the sign-in page can offer here. */
export const loadSignInWays = (send: Send) => send<SignInWays>('GET', '/api/sign-in/ways');

/** The second step after the password. */
export const signInByCode = (send: Send, code: string) =>
  send<Me>('POST', '/api/sign-in/code', { code });

/** What the browser needs to ask for a passkey. */
export const challengePasskey = (send: Send) =>
  send<PublicKeyCredentialRequestOptionsJSON>('POST', '/api/passkey/challenge');

export const signInByPasskey = (send: Send, response: AuthenticationResponseJSON) =>
  send<Me>('POST', '/api/passkey/sign-in', { response });

/** What the browser needs to make a passkey. */
export const beginPasskey = (send: Send, password: string) =>
  send<PublicKeyCredentialCreationOptionsJSON>('POST', '/api/passkeys/begin', { password });

export const addPasskey = (send: Send, name: string, response: RegistrationResponseJSON) =>
  send<readonly Passkey[]>('POST', '/api/passkeys', { name, response });

export const removePasskey = (send: Send, id: string, password: string) =>
  send<unknown>('POST', `/api/passkeys/${id}/remove`, { password });

/** How the signed-in person proves more than a password. */
export const loadSecondSteps = (send: Send) => send<SecondSteps>('GET', '/api/second-step');

export const beginTotp = (send: Send, password: string) =>
  send<TotpOffer>('POST', '/api/totp/begin', { password });

export const confirmTotp = (send: Send, offer: string, code: string) =>
  send<RecoveryCodes>('POST', '/api/totp/confirm', { offer, code });

export const removeTotp = (send: Send, password: string) =>
  send<unknown>('POST', '/api/totp/remove', { password });

export const renewRecoveryCodes = (send: Send, password: string) =>
  send<RecoveryCodes>('POST', '/api/recovery-codes', { password });

/** Whether administrators need a second step. */
export const loadSecondStepSetting = (send: Send) =>
  send<SecondStepSetting>('GET', '/api/organisation/second-step');

export const changeSecondStepSetting = (send: Send, setting: SecondStepSetting) =>
  send<SecondStepSetting>('POST', '/api/organisation/second-step', setting);

/** Gives somebody a password that is shown this once. */
export const assignPassword = (send: Send, person: string) =>
  send<AssignedPassword>('POST', `/api/people/${person}/password`);

/** Takes away what somebody lost: authenticator, recovery codes, passkeys. */
export const clearSecondSteps = (send: Send, person: string) =>
  send<unknown>('POST', `/api/people/${person}/second-step/clear`);

/** Good and refused sign-ins of one's own account. */
export const listSignInHistory = (send: Send) =>
  send<readonly SignInPast[]>('GET', '/api/sign-in-history');

/** Asks for a mail with a link to a new password; the answer tells nothing about the login. */
export const askReset = (send: Send, login: string) =>
  send<unknown>('POST', '/api/password-reset', { login });

/** Sets a new password by the link. */
export const finishReset = (send: Send, token: string, password: string) =>
  send<Me | SecondStep>('POST', '/api/password-reset/finish', { token, password });
