import type { PersonId } from '../core/brand.ts';
import type { AttemptKind } from '../core/check-in.ts';
import type { RecordState } from '../core/record.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Ticket } from '../core/ticket.ts';
import type { AttemptTable } from './schema.ts';
import type { SessionRow } from './session.ts';

/** The ticket of a code, or what stands for it where a terminal has checked password or PIN. */
export type AttemptTicket = Omit<Ticket, 'kind'> & { readonly kind: AttemptKind };

/** An attempt whose form and ticket have been checked. */
export interface PreparedAttempt {
  readonly attempt: string;
  readonly ticket: AttemptTicket;
  /** Digest of ticket, number and name: the same attempt id with another body is refused. */
  readonly bodyDigest: string;
  readonly number: string;
  readonly name: string | null;
  /** Where the request came from; evidence, sealed. */
  readonly address: string;
}

export type CheckInOutcome =
  | {
      readonly ok: true;
      readonly kind: 'accepted' | 'guest' | 'disputed' | 'already';
      readonly session: SessionRow;
      readonly person: PersonId;
      readonly attempt: string;
      readonly record: RecordState;
      readonly proof: string;
    }
  | Refusal;

/** An attempt as it is kept: a repeat gets the first outcome. */
export function attemptRow(
  organisation: string,
  { attempt, ticket, bodyDigest }: PreparedAttempt,
  person: PersonId,
  seq: number,
): AttemptTable {
  const { id, browser, session } = ticket;
  return {
    organisation,
    ticket: id,
    attempt,
    browser,
    body_digest: bodyDigest,
    session,
    person,
    seq,
  };
}
