import { z } from 'zod';
import { rawText, secretText } from './field.wire.ts';

/** A mail domain such as `example.org`; one below it is another one. */
const domain = z
  .string()
  .max(250)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/);

/** GET and POST /api/registration/settings (administrators): none means that nobody registers by themselves. */
export const registrationSettings = z.strictObject({ domains: z.array(domain).max(50) });
export type RegistrationSettings = z.infer<typeof registrationSettings>;

/** GET /api/registration: whether people may register by themselves, and with addresses of which domains. */
export interface RegistrationState {
  readonly open: boolean;
  readonly organisation: string;
  readonly domains: readonly string[];
}

/** POST /api/registration -> {}: the same answer whether or not the address is known; a mail says the rest. */
export const registrationRequest = z.strictObject({
  number: rawText,
  name: rawText,
  email: rawText,
});
export type RegistrationRequest = z.infer<typeof registrationRequest>;

/** POST /api/registration/view { token } -> who the mailed link is for */
export const registrationToken = z.strictObject({ token: secretText });
export interface RegistrationView {
  /** Whether an administrator knows the person by this address: number and name are theirs, not what was typed. */
  readonly known: boolean;
  /** Null where a known person has none. */
  readonly number: string | null;
  readonly name: string;
  readonly email: string;
  readonly organisation: string;
  readonly passwordMinLength: number;
}

/** POST /api/registration/finish -> Me */
export const registrationFinish = z.strictObject({
  token: secretText,
  password: z.string().max(1_000),
});
