import type { GroupId, Instant, LocalDate, SessionId } from './brand.ts';
import { type Refusal, refuse } from './refusal.ts';
import { ticketAfterCloseMs } from './ticket.ts';

export const sessionStates = ['planned', 'open', 'closed', 'cancelled'] as const;
export type SessionState = (typeof sessionStates)[number];

/** Who may check in: only the enrolled, the enrolled and guests, or anyone (quick roll, no roster yet). */
export const rosterRules = ['closed', 'walk-ins', 'none'] as const;
export type RosterRule = (typeof rosterRules)[number];

/** What a host can set for one session. */
export interface SessionSettings {
  /** Minutes after the start from which an arrival is late. */
  readonly lateAfterMinutes: number;
  /** Minutes between the planned end and the closing. */
  readonly closeGraceMinutes: number;
  /** Length of a code slot in ms, 1,000-60,000. */
  readonly stepMs: number;
  /** A slot that ended up to this many ms ago is still taken. */
  readonly codeGraceMs: number;
  /** Whether the typed code counts. */
  readonly typedCode: boolean;
  readonly rosterRule: RosterRule;
}

export const defaultSettings: SessionSettings = {
  lateAfterMinutes: 5,
  closeGraceMinutes: 5,
  stepMs: 5_000,
  codeGraceMs: 10_000,
  typedCode: true,
  rosterRule: 'walk-ins',
};

export interface SessionFacts extends SessionSettings {
  readonly id: SessionId;
  readonly group: GroupId | null;
  readonly state: SessionState;
  readonly startsAt: Instant;
  /** null: closes only by hand. */
  readonly endsAt: Instant | null;
  readonly closedAt: Instant | null;
  /** The site's local date of the start. */
  readonly date: LocalDate;
  /** Raised by "refresh": every code and link of a lower epoch is void. */
  readonly codeEpoch: number;
  readonly paused: boolean;
}

export type SessionMove = 'open' | 'close' | 'cancel' | 'reopen' | 'pause' | 'resume' | 'refresh';

const allowedFrom: Record<SessionMove, readonly SessionState[]> = {
  open: ['planned'],
  close: ['open'],
  cancel: ['planned', 'open', 'closed'],
  reopen: ['closed', 'cancelled'],
  pause: ['open'],
  resume: ['open'],
  refresh: ['open'],
};

/** May the session make this move from where it stands? */
export function checkMove(state: SessionState, move: SessionMove): { ok: true } | Refusal {
  return allowedFrom[move].includes(state)
    ? { ok: true }
    : refuse('session-state', { state, move });
}

/** May a new code be opened now? */
export function checkCodeOpening(session: SessionFacts): { ok: true } | Refusal {
  if (session.state === 'planned') return refuse('session-not-open');
  if (session.state === 'closed') return refuse('session-closed');
  if (session.state === 'cancelled') return refuse('session-cancelled');
  return session.paused ? refuse('code-paused') : { ok: true };
}

/** May a ticket that was issued in time still be used? Closing leaves it 30 s, cancelling kills it. */
export function checkTicketUse(session: SessionFacts, now: Instant): { ok: true } | Refusal {
  if (session.state === 'open') return { ok: true };
  if (session.state === 'planned') return refuse('session-not-open');
  if (session.state === 'cancelled') return refuse('session-cancelled');
  const sinceClose = now - (session.closedAt ?? 0);
  return sinceClose <= ticketAfterCloseMs ? { ok: true } : refuse('session-closed');
}

export interface Arrival {
  readonly status: 'present' | 'late';
  readonly minutesLate: number;
}

/** Present up to and including `lateAfterMinutes` after the start; late from then on, counted from the start. */
export function deriveArrival(
  session: Pick<SessionFacts, 'startsAt' | 'lateAfterMinutes'>,
  at: Instant,
): Arrival {
  const after = at - session.startsAt;
  if (after <= session.lateAfterMinutes * 60_000) return { status: 'present', minutesLate: 0 };
  return { status: 'late', minutesLate: Math.floor(after / 60_000) };
}

/** The instant at which an open session closes by itself, or null. */
export function closesAt(
  session: Pick<SessionFacts, 'endsAt' | 'closeGraceMinutes'>,
): Instant | null {
  return session.endsAt === null
    ? null
    : ((session.endsAt + session.closeGraceMinutes * 60_000) as Instant);
}
