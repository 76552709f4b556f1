import type { PersonId } from '../core/brand.ts';
import { applyChange, type RecordChange, type Records } from '../core/record.ts';
import { readChange } from './event.ts';
import { recordRow } from './ledger.ts';
import type { EventTable, RecordTable } from './schema.ts';

/** The records of one session as its events tell them: feed it the events in order. */
export class RecordFold {
  readonly records: Records = new Map();
  readonly #seqs = new Map<PersonId, number>();

  /** @throws SyntaxError where the event's facts are not JSON */
  next(event: Pick<EventTable, 'seq' | 'subject' | 'facts'>): RecordChange | null {
    const change = readChange(event);
    if (!change) return null;
    if (change.movedFrom !== undefined) this.#seqs.delete(change.movedFrom);
    applyChange(this.records, change);
    this.#seqs.set(change.subject, event.seq);
    return change;
  }

  /** The rows that must stand in the record table, by person. */
  rows(organisation: string, session: string): Map<string, RecordTable> {
    const rows = new Map<string, RecordTable>();
    for (const [person, record] of this.records) {
      const seq = this.#seqs.get(person) as number;
      rows.set(person, recordRow(organisation, session, person, record, seq));
    }
    return rows;
  }
}

/** Whether two rows say the same of the same person. */
export function sameRecord(left: RecordTable | undefined, right: RecordTable | undefined): boolean {
  if (!left || !right) return left === right;
  return (
    left.person === right.person &&
    left.status === right.status &&
    left.at === right.at &&
    left.minutes_late === right.minutes_late &&
    left.how === right.how &&
    left.pending === right.pending &&
    left.seq === right.seq
  );
}
