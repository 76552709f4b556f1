import type { Instant } from '../core/brand.ts';
import type { RecordState } from '../core/record.ts';
import type { How, Status } from '../core/status.ts';
import type { RecordTable } from './schema.ts';

type Columns = Pick<RecordTable, 'status' | 'at' | 'minutes_late' | 'how' | 'pending'>;

export function readRecord(row: Columns): RecordState {
  return {
    status: row.status as Status | null,
    at: row.at as Instant | null,
    minutesLate: row.minutes_late,
    how: row.how as How | null,
    pending: row.pending === 1,
  };
}
