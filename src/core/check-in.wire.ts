import { z } from 'zod';
import { rawText } from './field.wire.ts';

/** POST /api/check-in. No time, no session: both stand in the signed ticket. Unknown fields are refused. */
export const checkInRequest = z.strictObject({
  /** Made by the phone, repeated unchanged on every retry: 16-64 letters, digits, dashes. */
  attempt: z.string().regex(/^[A-Za-z0-9-]{16,64}$/),
  ticket: z.string().max(400),
  number: rawText,
  name: rawText.optional(),
});
export type CheckInRequest = z.infer<typeof checkInRequest>;

/** The answer that fills the phone's screen and stays as a receipt. Times are formatted by the server. */
export interface Receipt {
  readonly attempt: string;
  /** `pending`: two phones claim this number; `none`: the host took the mark back. */
  readonly status: 'present' | 'late' | 'absent' | 'excused' | 'pending' | 'none';
  /** Whether this very attempt was the one that counted, or repeats an earlier one. */
  readonly already: boolean;
  readonly session: string;
  readonly number: string;
  readonly minutesLate: number;
  /** `09:02` in the site's zone. */
  readonly time: string;
  /** `Monday, 23 November 2026`. */
  readonly day: string;
  /** Such as `Europe/Berlin`. */
  readonly zone: string;
  /** Four characters that tell this phone's claim from another's when the host settles a dispute. */
  readonly mark: string;
  /** The first ten hex characters of the event's hash in the ledger, for a later dispute. */
  readonly proof: string;
}

/** POST /api/typed-code */
export const typedCodeRequest = z.strictObject({ code: z.string().max(64) });

/** What the page needs to show the form: inlined into the page of a scanned code, answered to a typed one. */
export interface Opening {
  readonly ticket: string;
  /** The session's title. */
  readonly session: string;
  /** Whether a name is asked for beside the number. */
  readonly asksName: boolean;
  /** Milliseconds for which the ticket stays good. */
  readonly ticketMs: number;
}
