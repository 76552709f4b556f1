import { z } from 'zod';
import { groupId, instant, note, personId, title } from './field.wire.ts';
import { groupSettings } from './group.wire.ts';
import type { RecordState } from './record.ts';
import type { EventKind } from './retention.ts';
import type { SessionState } from './session.ts';
import { statuses } from './status.ts';

/**
 * POST /api/sessions -> { id }. Without `group` it is a quick roll: no roster, no accounts. Without `startsAt` it
 * opens now; with it, it is planned and opens by itself.
 */
export const sessionRequest = z.strictObject({
  group: groupId.optional(),
  title: title.optional(),
  startsAt: instant.optional(),
  endsAt: instant.optional(),
  settings: groupSettings.partial().optional(),
});
export type SessionRequest = z.infer<typeof sessionRequest>;

/** GET /api/sessions?state=&group=&date= : newest first, at most 200. */
export interface SessionLine {
  readonly id: string;
  readonly title: string;
  readonly group: string | null;
  readonly groupName: string | null;
  readonly state: SessionState;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly date: string;
  readonly came: number;
  readonly expected: number;
}

/** A name on the board: enrolled on the session's date, or a guest. */
export interface BoardPerson {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly guest: boolean;
  readonly record: RecordState;
  /** Sequence of the event behind the record; 0 where there is none. Undo names it. */
  readonly seq: number;
  readonly note: string | null;
  /** While in dispute: the phones that claim this person, with the mark each shows. */
  readonly claims: readonly BoardClaim[];
}

export interface BoardClaim {
  /** Names the claim when it is settled. */
  readonly claim: string;
  /** The four characters on that phone's screen. */
  readonly mark: string;
  readonly at: number;
}

/** GET /api/sessions/:id (hosts of its group, or who opened the quick roll). */
export interface Board {
  readonly id: string;
  readonly title: string;
  readonly group: string | null;
  readonly groupName: string | null;
  readonly state: SessionState;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly closesAt: number | null;
  readonly closedAt: number | null;
  readonly cancelReason: string | null;
  readonly paused: boolean;
  readonly zone: string;
  readonly date: string;
  readonly settings: z.infer<typeof groupSettings>;
  /** The origin that the QR carries, chosen by the host, and the others on offer. */
  readonly origin: string;
  readonly origins: readonly {
    readonly origin: string;
    readonly label: string;
    readonly kind: string;
  }[];
  readonly people: readonly BoardPerson[];
  /** Last sequence of the session's stream that is in here: subscribe from it. */
  readonly seq: number;
  readonly serverTime: number;
}

/** POST /api/sessions/:id/open | close | reopen | refresh | pause | resume: empty body; -> { state } */
export const emptyRequest = z.strictObject({});
/** POST /api/sessions/:id/cancel */
export const cancelRequest = z.strictObject({ reason: note });
/** POST /api/sessions/:id/change */
export const sessionChange = z.strictObject({
  title: title.optional(),
  endsAt: instant.nullable().optional(),
  origin: z.string().max(200).optional(),
  settings: groupSettings.partial().optional(),
});
const word = z.strictObject({
  people: z.array(personId).min(1).max(5_000),
  status: z.enum(statuses).nullable(),
  note: note.optional(),
});
/**
 * POST /api/sessions/:id/marks -> { seq }. The host's word, for one or for "mark the rest"; `also` holds further words.
 * All of them are one transaction, for at most 5,000 people; whoever stands there twice gets the last.
 */
export const markRequest = word
  .extend({ also: z.array(word).max(5_000).optional() })
  .refine(
    ({ people, also = [] }) =>
      also.reduce((sum, each) => sum + each.people.length, people.length) <= 5_000,
    { path: ['also'] },
  );
/** POST /api/sessions/:id/notes */
export const noteRequest = z.strictObject({ person: personId, note });
/** POST /api/sessions/:id/undo: takes back the person's latest event `seq`; refused where another came after it. */
export const undoRequest = z.strictObject({ person: personId, seq: z.int().min(1) });
/** POST /api/sessions/:id/settle: which claim is the person's own; null: neither. */
export const settleRequest = z.strictObject({
  person: personId,
  keep: z.string().max(64).nullable(),
});
/** POST /api/sessions/:id/roster: attach a group to a quick roll -> { matched, guests } */
export const attachRequest = z.strictObject({ group: groupId });
/** POST /api/sessions/:id/merge: a guest is really this person. */
export const mergeRequest = z.strictObject({ guest: personId, person: personId });

/** GET /api/sessions/:id/history?person= : the events behind a record, in plain facts. */
export interface HistoryLine {
  readonly seq: number;
  readonly type: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly actor: string;
  readonly subject: string | null;
  readonly record: RecordState | null;
  readonly note: string | null;
  /** By which rule of retention its sealed data were destroyed, and when; null where they were not. */
  readonly destroyed: { readonly rule: EventKind; readonly at: number } | null;
  readonly hash: string;
}
