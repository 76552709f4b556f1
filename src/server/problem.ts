import type { Problem } from '../core/problem.wire.ts';
import type { Refusal, RefusalCode } from '../core/refusal.ts';

/** HTTP status and title of every refusal (RFC 9457). Only routes speak HTTP, and only through this table. */
export const problems: Readonly<Record<RefusalCode, readonly [status: number, title: string]>> = {
  'code-malformed': [400, 'That is not a Muster code'],
  'code-unknown': [404, 'This code belongs to no session here'],
  'code-expired': [410, 'This code is over'],
  'code-replaced': [410, 'The host has replaced this code'],
  'code-paused': [409, 'Check-in is paused'],
  'typed-code-wrong': [404, 'No session has this code now'],
  'typed-code-off': [403, 'This session takes scanned codes only'],
  'ticket-invalid': [400, 'The ticket is not valid'],
  'ticket-expired': [410, 'The ticket is over'],
  'ticket-other-browser': [403, 'The ticket belongs to another browser'],
  'ticket-used': [409, 'The ticket has been used'],
  'session-not-open': [409, 'The session has not begun'],
  'session-closed': [410, 'The session is closed'],
  'session-cancelled': [410, 'The session was cancelled'],
  'session-state': [409, 'The session does not allow that now'],
  'session-full': [409, 'The session takes no more guests'],
  'attempt-reused': [409, 'This attempt was made with other data'],
  'number-missing': [422, 'The number is missing'],
  'number-malformed': [422, 'That is not a number we can keep'],
  'name-missing': [422, 'The name is missing'],
  'name-malformed': [422, 'That is not a name we can keep'],
  'not-on-roster': [403, 'This number is not on the roster'],
  'browser-already-used': [409, 'This phone has checked somebody in already'],
  'see-host': [409, 'The host has to decide'],
  'cookies-needed': [400, 'The browser keeps no cookies'],
  'number-taken': [409, 'Another person has this number'],
  'email-taken': [409, 'Another person has this e-mail address'],
  'email-malformed': [422, 'That is not an e-mail address'],
  'import-unreadable': [422, 'The table cannot be read'],
  'import-too-large': [413, 'The table is too large'],
  'nothing-to-undo': [409, 'There is nothing to undo'],
  'no-conflict': [409, 'There is nothing to settle'],
  'not-a-guest': [409, 'That person is not a guest of this session'],
  'reason-missing': [422, 'A reason is needed'],
  'last-host': [409, 'A group needs a host'],
  'last-admin': [409, 'Somebody has to administer'],
  'own-role': [409, 'Nobody changes their own roles'],
  'number-retired': [409, 'This number was in use before'],
  'person-inactive': [409, 'This person is deactivated'],
  'person-held': [409, 'The data of this person must be kept'],
  'keys-taken': [409, 'The keys belong to another database'],
  'name-mismatch': [422, 'That is not the name'],
  'birth-date-wrong': [422, 'That is not a date of birth'],
  'own-field-wrong': [422, 'A field does not hold what it may'],
  'retention-unconfirmed': [409, 'More would be destroyed'],
  'retention-running': [409, 'A run is under way'],
  'sign-in-wrong': [401, 'Name or password is wrong'],
  'sign-in-needed': [401, 'Sign-in is needed'],
  'sign-in-throttled': [429, 'Too many wrong passwords'],
  'second-step-wrong': [401, 'The code is wrong or used'],
  'second-step-over': [401, 'The sign-in has to begin anew'],
  'second-step-needed': [403, 'A second step has to be set up first'],
  'password-change-needed': [403, 'The password has to be changed first'],
  'passkey-refused': [401, 'The passkey is not accepted'],
  'passkeys-unavailable': [403, 'Passkeys do not work at this address'],
  'password-short': [422, 'The password is too short'],
  'password-common': [422, 'The password is too common'],
  'password-wrong': [403, 'The password is wrong'],
  'link-invalid': [410, 'The link is used, over or unknown'],
  'already-set-up': [409, 'This installation is set up'],
  'not-set-up': [409, 'This installation is not set up'],
  'backup-folder-missing': [409, 'There is no folder for backups'],
  'input-invalid': [422, 'The request is not as agreed'],
  'too-large': [413, 'The request is too large'],
  'not-json': [415, 'The request is not JSON'],
  'not-allowed': [403, 'That is not allowed'],
  'not-found': [404, 'There is nothing here'],
  'origin-refused': [403, 'The request comes from another site'],
  'secure-only': [403, 'This needs a secure connection'],
  throttled: [429, 'Too many requests'],
  busy: [503, 'Too busy for a moment'],
  'database-away': [503, 'The database does not answer'],
  'disk-full': [507, 'The disk is full'],
  internal: [500, 'Something went wrong on the server'],
};

const passing: ReadonlySet<RefusalCode> = new Set(['busy', 'database-away', 'disk-full']);

/** Seconds after which it makes sense to try again, for the refusals that pass by themselves. */
export function retryAfter({ code, detail }: Refusal): number | undefined {
  if (typeof detail?.retryAfter === 'number') return Math.max(1, Math.ceil(detail.retryAfter));
  return passing.has(code) ? 2 : undefined;
}

export function presentProblem(refusal: Refusal, requestId: string): Problem {
  const [status, title] = problems[refusal.code];
  return {
    type: `urn:muster:problem:${refusal.code}`,
    title,
    status,
    code: refusal.code,
    requestId,
    ...(refusal.detail ? { detail: { ...refusal.detail } } : {}),
  };
}
