import type { Instant, PersonId } from './brand.ts';
import type { How, Status } from './status.ts';

/** What stands for one person in one session. Derived: always the last event's word. */
export interface RecordState {
  /** null: nothing stands yet (or an undo took it back). */
  readonly status: Status | null;
  /** When the person came, or when the mark was made. */
  readonly at: Instant | null;
  /** Whole minutes after the session's start; 0 unless late. */
  readonly minutesLate: number;
  readonly how: How | null;
  /** Two phones claim this person: nothing counts until the host settles it. */
  readonly pending: boolean;
}

export const unmarked: RecordState = {
  status: null,
  at: null,
  minutesLate: 0,
  how: null,
  pending: false,
};

/** The part of an event that moves records: its outcome stands in the hashed header, so it survives erasure. */
export interface RecordChange {
  readonly subject: PersonId;
  readonly record: RecordState;
  /** A guest whose record moves to `subject`: the guest's own entry goes. */
  readonly movedFrom?: PersonId;
}

export type Records = Map<PersonId, RecordState>;

/** Folds one event into the records of its session. */
export function applyChange(records: Records, change: RecordChange): Records {
  if (change.movedFrom !== undefined) records.delete(change.movedFrom);
  records.set(change.subject, change.record);
  return records;
}

/** Where two records of one person meet (a guest turns out to be enrolled): the earlier arrival stands. */
export function mergeRecords(left: RecordState, right: RecordState): RecordState {
  if (left.status === null) return right;
  if (right.status === null) return left;
  if (left.how === 'closing') return right;
  if (right.how === 'closing') return left;
  if (left.how === 'host' && right.how !== 'host') return left;
  if (right.how === 'host' && left.how !== 'host') return right;
  return (left.at ?? 0) <= (right.at ?? 0) ? left : right;
}
