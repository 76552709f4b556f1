import type { Tally } from '../core/rate.ts';
import type { BoardPerson } from '../core/session.wire.ts';
import type { Status } from '../core/status.ts';
import { intoWidth } from './width.ts';

/** The same signs as on the board: shape, letter and place, never colour alone. */
const signs: Readonly<Record<Status | 'pending', string>> = {
  present: '● P',
  late: '◐ L',
  absent: '○ A',
  excused: '■ E',
  pending: '▲ ?',
};

/** The sign of a record; of one who has none yet, spaces. */
export const signOf = ({
  pending,
  status,
}: Pick<BoardPerson['record'], 'pending' | 'status'>): string =>
  pending ? signs.pending : status === null ? '   ' : signs[status];

/** `23 present, 2 late, 1 in dispute`: what is nought is left out, but for the present. */
export function describeCounts({
  present,
  late,
  absent,
  excused,
  pending,
  missing,
}: Tally): string {
  const parts = [`${present} present`];
  if (late > 0) parts.push(`${late} late`);
  if (absent > 0) parts.push(`${absent} absent`);
  if (excused > 0) parts.push(`${excused} excused`);
  if (pending > 0) parts.push(`${pending} in dispute`);
  if (missing > 0) parts.push(`${missing} missing`);
  return parts.join(', ');
}

/** Those for whom something stands, the newest first. */
export function newestFirst(people: Iterable<BoardPerson>): BoardPerson[] {
  return [...people]
    .filter(({ record }) => record.pending || record.status !== null)
    .sort((left, right) => (right.record.at ?? 0) - (left.record.at ?? 0) || right.seq - left.seq);
}

/** One person in `width` columns: `● P 09:02 007 Ada Lovelace`. */
export function personLine(
  { number, name, record }: BoardPerson,
  zone: string,
  width: number,
): string {
  const sign = signOf(record);
  const time = record.at === null ? '     ' : clockText(record.at, zone);
  const late = record.minutesLate > 0 ? ` (+${record.minutesLate} min)` : '';
  return intoWidth(`${sign} ${time} ${number} ${name}${late}`, width).trimEnd();
}

/** `09:02` in a zone. */
function clockText(at: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(at))
    .toZonedDateTimeISO(zone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' });
}
