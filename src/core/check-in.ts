import type { Instant, PersonId } from './brand.ts';
import type { RecordState } from './record.ts';
import { type Refusal, refuse } from './refusal.ts';
import { checkTicketUse, deriveArrival, type SessionFacts } from './session.ts';
import type { TicketKind } from './ticket.ts';

/** A session with so many events takes no further guests: whoever makes up people does not fill the disk. */
export const guestLimit = 20_000;

/** A claim that stands: this browser has said that it is this person's, in this session. */
export interface Claim {
  readonly person: PersonId;
  readonly browser: string;
}

/** All that the decision may depend on, read under the session stream's lock. */
export interface CheckInFacts {
  readonly session: SessionFacts;
  /** Events in the session's stream. */
  readonly events: number;
  /** The person who bears the number, and whether they are enrolled (or already a guest) here. */
  readonly person: { readonly id: PersonId; readonly belongs: boolean } | null;
  readonly record: RecordState | null;
  /** Browsers with a standing claim on this person in this session. */
  readonly claimants: readonly string[];
  /** The standing claim of the attempt's browser in this session. */
  readonly browserClaim: Claim | null;
}

/** How somebody checks in: by a code, or by number and password or PIN at a terminal. */
export type AttemptKind = TicketKind | 'terminal';

export interface CheckInAttempt {
  readonly browser: string;
  readonly kind: AttemptKind;
  /** When the code was opened, by the server's clock: slow typing costs nothing. */
  readonly openedAt: Instant;
  readonly hasName: boolean;
}

export type CheckInDecision =
  /** A new arrival of a known person, or of a guest who is to be made. */
  | { readonly ok: true; readonly kind: 'accepted' | 'guest'; readonly record: RecordState }
  /** Another browser claims the same person: both wait for the host. */
  | { readonly ok: true; readonly kind: 'disputed'; readonly record: RecordState }
  /** Nothing new: what stands is told again. */
  | { readonly ok: true; readonly kind: 'already'; readonly record: RecordState }
  | Refusal;

/** The only way in. Ticket, number and name have been checked for form and signature before. */
export function decideCheckIn(
  facts: CheckInFacts,
  attempt: CheckInAttempt,
  now: Instant,
): CheckInDecision {
  const { session, person, record, claimants, browserClaim } = facts;
  const usable = checkTicketUse(session, now);
  if (!usable.ok) return usable;

  if (browserClaim && browserClaim.person !== person?.id) return refuse('browser-already-used');
  const arrival: RecordState = {
    ...deriveArrival(session, attempt.openedAt),
    at: attempt.openedAt,
    how: attempt.kind,
    pending: false,
  };
  if (!person?.belongs && session.rosterRule === 'closed') return refuse('not-on-roster');
  if (!person) {
    if (!attempt.hasName) return refuse('name-missing');
    if (facts.events >= guestLimit) return refuse('session-full');
    return { ok: true, kind: 'guest', record: arrival };
  }
  // who shows a password or PIN is that person: no claim of a phone stands against it
  if (attempt.kind === 'terminal') return decideProven(record, arrival);
  if (record?.pending) {
    return claimants.includes(attempt.browser)
      ? { ok: true, kind: 'already', record }
      : { ok: true, kind: 'disputed', record };
  }
  if (claimants.length > 0 && !claimants.includes(attempt.browser)) {
    return { ok: true, kind: 'disputed', record: { ...(record ?? arrival), pending: true } };
  }
  return decideArrival(record, arrival);
}

/** Somebody who proved who they are; a dispute of two phones is the host's to settle all the same. */
function decideProven(record: RecordState | null, arrival: RecordState): CheckInDecision {
  return record?.pending ? { ok: true, kind: 'already', record } : decideArrival(record, arrival);
}

function decideArrival(record: RecordState | null, arrival: RecordState): CheckInDecision {
  if (!record || record.status === null || record.how === 'closing') {
    return { ok: true, kind: 'accepted', record: arrival };
  }
  if (record.how === 'host' && (record.status === 'absent' || record.status === 'excused')) {
    return refuse('see-host', { status: record.status });
  }
  return { ok: true, kind: 'already', record };
}
