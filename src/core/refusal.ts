/**
 * Every code a refusal can carry. A test checks that each stands in the HTTP table, in docs/errors.md and in
 * every message catalogue.
 */
export const refusalCodes = [
  // the rotating code and its ticket
  'code-malformed',
  'code-unknown',
  'code-expired',
  'code-replaced',
  'code-paused',
  'typed-code-wrong',
  'typed-code-off',
  'ticket-invalid',
  'ticket-expired',
  'ticket-other-browser',
  'ticket-used',
  // the session
  'session-not-open',
  'session-closed',
  'session-cancelled',
  'session-state',
  'session-full',
  // the attempt
  'attempt-reused',
  'number-missing',
  'number-malformed',
  'name-missing',
  'name-malformed',
  'not-on-roster',
  'browser-already-used',
  'see-host',
  'cookies-needed',
  // people, groups, rosters
  'number-taken',
  'email-taken',
  'email-malformed',
  'import-unreadable',
  'import-too-large',
  'nothing-to-undo',
  'no-conflict',
  'not-a-guest',
  'reason-missing',
  'last-host',
  'last-admin',
  'own-role',
  'number-retired',
  'person-inactive',
  'person-held',
  'keys-taken',
  'name-mismatch',
  'birth-date-wrong',
  'own-field-wrong',
  'retention-unconfirmed',
  'retention-running',
  // accounts
  'sign-in-wrong',
  'sign-in-needed',
  'sign-in-throttled',
  'second-step-wrong',
  'second-step-over',
  'second-step-needed',
  'password-change-needed',
  'passkey-refused',
  'passkeys-unavailable',
  'password-short',
  'password-common',
  'password-wrong',
  'link-invalid',
  'already-set-up',
  'not-set-up',
  'backup-folder-missing',
  // the request
  'input-invalid',
  'too-large',
  'not-json',
  'not-allowed',
  'not-found',
  'origin-refused',
  'secure-only',
  'throttled',
  'busy',
  'database-away',
  'disk-full',
  'internal',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** Plain values that the sentence for a code may mention (a time, a number, a limit); never a secret. */
export type RefusalDetail = Readonly<Record<string, string | number | boolean>>;

/** An expected "no", as a value. Surprises are exceptions. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly detail?: RefusalDetail;
}

export function refuse(code: RefusalCode, detail?: RefusalDetail): Refusal {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}

/** True for a value made by `refuse`. */
export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { ok?: unknown }).ok === false &&
    'code' in value
  );
}
