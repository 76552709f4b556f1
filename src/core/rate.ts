import type { LocalDate } from './brand.ts';
import { type Enrolment, isEnrolled } from './enrolment.ts';
import type { RecordState } from './record.ts';
import type { SessionState } from './session.ts';

/** One session of a group as a person's rate sees it. */
export interface RateEntry {
  readonly date: LocalDate;
  readonly state: SessionState;
  readonly record: RecordState | null;
}

export interface Rate {
  readonly present: number;
  readonly late: number;
  readonly absent: number;
  readonly excused: number;
  /** Sessions in the denominator: closed, within the enrolment, not excused, not pending. */
  readonly counted: number;
  /** (present + late) / counted, 0 to 1; null while nothing counts. */
  readonly rate: number | null;
}

/**
 * A person's rate in a group. A session counts once it is closed and only on dates within the enrolment; excused
 * leaves the denominator; a claim still in dispute counts nowhere.
 */
export function deriveRate(entries: readonly RateEntry[], enrolment: Enrolment | null): Rate {
  const count = { present: 0, late: 0, absent: 0, excused: 0 };
  for (const { date, state, record } of entries) {
    if (state !== 'closed' || !isEnrolled(enrolment, date)) continue;
    if (record?.pending) continue;
    count[record?.status ?? 'absent'] += 1;
  }
  const counted = count.present + count.late + count.absent;
  return { ...count, counted, rate: counted === 0 ? null : (count.present + count.late) / counted };
}

/** Live counts of one session; pending claims are counted on their own. */
export interface Tally {
  readonly present: number;
  readonly late: number;
  readonly absent: number;
  readonly excused: number;
  readonly pending: number;
  readonly missing: number;
}

/** While a session is open, an absence from an earlier closing means "still missing". */
export function deriveTally(records: Iterable<RecordState | null>, state: SessionState): Tally {
  const tally = { present: 0, late: 0, absent: 0, excused: 0, pending: 0, missing: 0 };
  for (const record of records) {
    if (record?.pending) tally.pending += 1;
    else if (record === null || record.status === null) tally.missing += 1;
    else if (record.how === 'closing' && state === 'open') tally.missing += 1;
    else tally[record.status] += 1;
  }
  return tally;
}
