import { z } from 'zod';
import type { SessionState } from './session.ts';
import type { BoardPerson } from './session.wire.ts';

/**
 * WebSocket /live, JSON text frames. A subscriber names a topic and the last sequence it has; the server backfills
 * from the ledger, then streams. Sign-in by the cookie of the upgrade request.
 *
 * Topics: `session:ID` (a session's board) and `code:ID` (its rotating code).
 */
export const liveRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('subscribe'), topic: z.string().max(80), since: z.int().min(0) }),
  z.strictObject({ do: z.literal('unsubscribe'), topic: z.string().max(80) }),
  z.strictObject({ do: z.literal('ping'), at: z.number() }),
]);
export type LiveRequest = z.infer<typeof liveRequest>;

export type LiveFrame =
  | BoardFrame
  | CodeFrame
  | { readonly kind: 'refused'; readonly topic: string; readonly code: string }
  /** Sent when the session behind the cookie ends; the page goes to sign-in. */
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'pong'; readonly at: number; readonly serverTime: number };

/** All that changed after `from` up to `seq`: people whole as they stand now, so applying one twice is harmless. */
export interface BoardFrame {
  readonly kind: 'board';
  readonly topic: string;
  /** The sequence before the first event in here: apply only where it is not beyond what you have. */
  readonly from: number;
  readonly seq: number;
  readonly people: readonly BoardPerson[];
  /** People who are no longer on the board (a guest who was merged). */
  readonly gone: readonly string[];
  /** Present where the session itself changed: fetch GET /api/sessions/:id again for the rest. */
  readonly state?: SessionState;
  readonly reload?: true;
  readonly serverTime: number;
}

/** One per slot. The page draws the QR of `origin + '/' + token` and counts down to `changesAt` on server time. */
export interface CodeFrame {
  readonly kind: 'code';
  readonly topic: string;
  /** null while paused or not open. */
  readonly token: string | null;
  readonly url: string | null;
  readonly typed: string | null;
  readonly changesAt: number;
  readonly stepMs: number;
  readonly serverTime: number;
}
