import type { Instant, LocalDate } from './brand.ts';
import { checkName, checkNumber } from './person.ts';
import type { RowProblem } from './roster.ts';

/** A row of a day file of an earlier system that can be kept. */
export interface DayFileRow {
  readonly line: number;
  readonly number: string;
  readonly name: string;
  /** Seconds after local midnight; null where the file says nothing readable. */
  readonly seconds: number | null;
}

export interface DayFileReading {
  readonly rows: readonly DayFileRow[];
  readonly wrong: readonly { readonly line: number; readonly problem: RowProblem }[];
}

/** The date in a name such as `attendance_2025-11-03.csv`, or null. */
export function dateOfDayFile(name: string): LocalDate | null {
  const found = /(?<!\d)(\d{4})[-_](\d{2})[-_](\d{2})(?!\d)/.exec(name);
  if (!found) return null;
  try {
    return Temporal.PlainDate.from(found.slice(1).join('-')).toString() as LocalDate;
  } catch {
    return null;
  }
}

/** Judges the rows after the header; the first of two rows with one number stands, as the first check-in would. */
export class DayFileCheck {
  readonly #numbers = new Set<string>();
  readonly #columns: { readonly number: number; readonly name: number; readonly time: number };
  readonly #width: number;
  readonly rows: DayFileRow[] = [];
  readonly wrong: { line: number; problem: RowProblem }[] = [];

  /** @param header its first row, or nothing where it has none: then the columns are number, name, time */
  constructor(header: readonly string[] | null) {
    const words = (header ?? []).map((cell) => cell.trim().toLowerCase());
    const place = (names: readonly string[], usual: number) => {
      const found = words.findIndex((word) => names.includes(word));
      return found === -1 ? usual : found;
    };
    this.#columns = {
      number: place(['roll', 'roll no', 'roll number', 'number', 'id'], 0),
      name: place(['name'], 1),
      time: place(['time', 'timestamp'], 2),
    };
    this.#width = Math.max(3, words.length);
  }

  /** True where the first row is a header rather than a check-in. */
  static isHeader(first: readonly string[]): boolean {
    return /^(roll|number|id)\b/i.test(first[0]?.trim() ?? '') && /name/i.test(first[1] ?? '');
  }

  next(line: number, cells: readonly string[]): void {
    const number = checkNumber(cells[this.#columns.number] ?? '');
    const name = checkName(cells[this.#columns.name] ?? '');
    const seconds = readTime(cells[this.#columns.time] ?? '');
    // a comma in an unquoted name moves the time: such a row cannot be trusted, and neither can half a row
    const isRagged = cells.slice(this.#width).some((cell) => cell.trim() !== '');
    let problem: RowProblem | null = null;
    if (!number.ok) problem = number.code;
    else if (!name.ok) problem = name.code;
    else if (isRagged || seconds === undefined) problem = 'input-invalid';
    else if (this.#numbers.has(number.number)) problem = 'duplicate-in-file';
    if (problem !== null || !number.ok || !name.ok) {
      this.wrong.push({ line, problem: problem ?? 'input-invalid' });
      return;
    }
    this.#numbers.add(number.number);
    this.rows.push({ line, number: number.number, name: name.name, seconds: seconds ?? null });
  }
}

/** `09:02`, `09:02:11`, `9:02 AM`, `2025-11-03 09:02:11`; null where empty, undefined where it is no time. */
function readTime(cell: string): number | null | undefined {
  const text = cell.trim();
  if (text === '') return null;
  const found =
    /^(?:\d{4}-\d{2}-\d{2}[ T])?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]\.?m\.?)?$/i.exec(
      text,
    );
  if (!found) return undefined;
  const [hour = 0, minute = 0, second = 0] = found.slice(1, 4).map((part) => Number(part ?? 0));
  const half = found[4]?.[0]?.toLowerCase();
  if (minute > 59 || second > 59 || hour > (half ? 12 : 23) || (half && hour === 0))
    return undefined;
  const hours = half ? (hour % 12) + (half === 'p' ? 12 : 0) : hour;
  return hours * 3_600 + minute * 60 + second;
}

/** The instant of a time on a local date; where the clocks jump over it, the moment after the jump. */
export function instantOf(date: LocalDate, seconds: number, zone: string): Instant {
  const time = Temporal.PlainTime.from({
    hour: Math.floor(seconds / 3_600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  });
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: time })
    .epochMilliseconds as Instant;
}
