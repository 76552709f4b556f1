import { z } from 'zod';
import { secretText } from './field.wire.ts';
import { oneLine } from './person.ts';

/** What a signed-in person has to do before anything else. */
export type Must = 'password' | 'second-step';

/** Answer to POST /api/sign-in where the password alone does not do. A cookie of this browser says who is half in. */
export interface SecondStep {
  /**
   * `code`: POST /api/sign-in/code within five minutes. `passkey`: only a passkey does; it is a whole sign-in by itself.
   */
  readonly secondStep: 'code' | 'passkey';
}

/** POST /api/sign-in/code -> Me: six digits of the authenticator, or a recovery code. */
export const codeRequest = z.strictObject({ code: z.string().min(1).max(40) });

/** GET /api/sign-in/ways: what the sign-in page can offer at the address where it was opened. */
export interface SignInWays {
  readonly passkeys: PasskeyWays;
  /** Whether a forgotten password can be replaced by mail; if not, an administrator assigns one. */
  readonly resetByMail: boolean;
}

/** Whether passkeys work at this address; they belong to a name and want a secure connection. */
export type PasskeyWays = 'here' | 'insecure' | 'bare-address';

/** What the browser sends after a passkey was made or used: WebAuthn's own JSON, judged by the library. */
const passkeyResponse = z.looseObject({
  id: z.string().min(1).max(2_000),
  rawId: z.string().max(2_000),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(10_000) }),
  clientExtensionResults: z.looseObject({}),
});
/** POST /api/passkey/sign-in -> Me; the challenge comes from POST /api/passkey/challenge. */
export const passkeySignInRequest = z.strictObject({ response: passkeyResponse });
/** POST /api/passkeys/begin -> WebAuthn's creation options */
export const confirmRequest = z.strictObject({ password: z.string().min(1).max(1_000) });
/** POST /api/passkeys */
export const passkeyRequest = z.strictObject({
  name: z.string().max(1_000).transform(oneLine).pipe(z.string().max(100)),
  response: passkeyResponse,
});

/** One passkey of the signed-in person. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly madeAt: number;
  readonly usedAt: number | null;
  /** The name of the site for which it was made. */
  readonly site: string;
}

/** GET /api/second-step: how the signed-in person proves more than a password. */
export interface SecondSteps {
  readonly passkeys: readonly Passkey[];
  readonly ways: PasskeyWays;
  /** Since when an authenticator is set up, or null. */
  readonly totpSince: number | null;
  readonly recoveryCodesLeft: number;
  /** Whether the organisation wants it of this person. */
  readonly required: boolean;
}

/** POST /api/totp/begin { password }: nothing is kept until a code shows that the authenticator has the secret. */
export interface TotpOffer {
  /** Base32, to be typed where no code can be scanned. */
  readonly secret: string;
  /** `otpauth://` for the QR code. */
  readonly uri: string;
  /** To be sent back with the first code; sealed, good for 15 minutes. */
  readonly offer: string;
}
/** POST /api/totp/confirm -> { codes }: ten recovery codes, shown once. */
export const totpConfirmRequest = z.strictObject({
  offer: z.string().min(1).max(1_000),
  code: z.string().min(1).max(20),
});
/** Answer to POST /api/totp/confirm and POST /api/recovery-codes { password }. */
export interface RecoveryCodes {
  readonly codes: readonly string[];
}

/** GET and POST /api/organisation/second-step (admin) */
export const secondStepSetting = z.strictObject({ admins: z.boolean() });
export type SecondStepSetting = z.infer<typeof secondStepSetting>;

/** POST /api/people/:person/password (admin): shown once, to be changed at first use. */
export interface AssignedPassword {
  readonly password: string;
}

/** POST /api/password-reset: the same answer whether or not anybody is known by this login. */
export const resetRequest = z.strictObject({ login: z.string().min(1).max(300) });
/** POST /api/password-reset/finish -> Me or SecondStep */
export const resetFinishRequest = z.strictObject({
  token: secretText,
  password: z.string().max(1_000),
});

/** GET /api/sign-in-history: good and refused sign-ins of one's own account, newest first. */
export interface SignInPast {
  readonly at: number;
  readonly ok: boolean;
  /** `password`, `code`, `recovery-code`, `passkey`, `link`, `reset`; empty where it was not noted. */
  readonly how: string;
  readonly device: string;
  readonly address: string;
}
