import type { LocalDate } from './brand.ts';
import type { Enrolment } from './enrolment.ts';
import { checkEmail, checkName, checkNumber } from './person.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import type { Columns } from './roster-heading.ts';

export type RowProblem = RefusalCode | 'duplicate-in-file';

/** One row of a list of people, judged by itself and by the rows before it. */
export interface CheckedRow {
  /** 1-based line of the file. */
  readonly line: number;
  readonly number: string;
  readonly name: string;
  /** null: the file does not say. */
  readonly email: string | null;
  /** undefined: the file does not say; null: no end. */
  readonly from?: LocalDate;
  readonly until?: LocalDate | null;
  readonly problems: readonly RowProblem[];
}

/** Longest text of a wrong cell that is shown again. */
const shownLength = 120;

/** Judges the rows of one file in their order; the first of two rows with one number or address stands. */
export class RosterCheck {
  readonly #columns: Columns;
  readonly #numbers = new Set<string>();
  readonly #emails = new Set<string>();

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  next(line: number, cells: readonly string[]): CheckedRow {
    const problems: RowProblem[] = [];
    const cell = (field: keyof Columns): string => {
      const column = this.#columns[field];
      return column === undefined ? '' : unescapeFormula(cells[column] ?? '');
    };
    const take = <T>(result: ({ ok: true } & T) | Refusal): T | null => {
      if (result.ok) return result;
      problems.push(result.code);
      return null;
    };
    const rawNumber = cell('number');
    const rawName = this.#columns.name === undefined ? joinName(cell) : cell('name');
    const rawEmail = cell('email').trim();
    const number = take(checkNumber(rawNumber))?.number;
    const name = take(checkName(rawName))?.name;
    const email = rawEmail === '' ? null : take(checkEmail(rawEmail))?.email;
    const from = readDate(cell('from'));
    const until = readDate(cell('until'));
    if (from === null || until === null || (from && until && until < from)) {
      problems.push('input-invalid');
    }
    if (number !== undefined && this.#numbers.has(number)) problems.push('duplicate-in-file');
    if (email && this.#emails.has(email)) problems.push('email-taken');
    if (problems.length === 0) {
      this.#numbers.add(number as string);
      if (email) this.#emails.add(email);
    }
    return {
      line,
      number: number ?? shown(rawNumber),
      name: name ?? shown(rawName),
      email: email ?? (rawEmail === '' ? null : shown(rawEmail)),
      ...(from ? { from } : {}),
      ...(until ? { until } : {}),
      problems,
    };
  }
}

const joinName = (cell: (field: 'firstName' | 'lastName') => string): string =>
  `${cell('firstName')} ${cell('lastName')}`;

export const shown = (raw: string): string => {
  const name = checkName(raw.slice(0, shownLength));
  return name.ok ? name.name : '';
};

/** Exports put an apostrophe before what a spreadsheet would take for a formula; it goes on the way back. */
export const unescapeFormula = (cell: string): string =>
  cell.replace(/(^|[;\t]\s*)'(?=[=+\-@＝＋－＠])/gu, '$1');

/** `2026-09-01`, `2026/9/1` or `1.9.2026`; undefined where the cell is empty, null where it is no date. */
export function readDate(cell: string): LocalDate | null | undefined {
  const text = cell.trim();
  if (text === '') return undefined;
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
  const dotted = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(text);
  const [year, month, day] = iso ? iso.slice(1) : dotted ? dotted.slice(1).reverse() : [];
  if (!year || !month || !day) return null;
  try {
    const date = Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    );
    return date.toString() as LocalDate;
  } catch {
    return null;
  }
}

/** What is known already of the person whose number a row bears. */
export interface Standing {
  readonly name: string;
  readonly email: string | null;
  readonly enrolment: Enrolment | null;
  /** The person has an account: a list of a group does not change who that is. */
  readonly locked: boolean;
}

export type RowDecision =
  | { readonly action: 'same' }
  | { readonly action: 'wrong'; readonly problems: readonly RowProblem[] }
  | {
      readonly action: 'add' | 'enrol' | 'change';
      /** Present where name or address become other than they were. */
      readonly identity?: { readonly name: string; readonly email: string | null };
      /** Present where the dates become other than they were. */
      readonly enrolment?: Enrolment;
    };

/** From when somebody is enrolled whose row does not say. */
export interface FirstDay {
  readonly date: LocalDate;
  /** The host chose it: it also draws those earlier who began later. */
  readonly named: boolean;
  /** Whether it brings back those whose enrolment had ended before; they do unless told otherwise. */
  readonly reopens?: boolean;
}

/**
 * What a sound row does. Deciding the same row again on what came of it gives `same`.
 */
export function decideRow(row: CheckedRow, standing: Standing | null, from: FirstDay): RowDecision {
  if (row.problems.length > 0) return { action: 'wrong', problems: row.problems };
  const enrolment = deriveEnrolment(row, standing?.enrolment ?? null, from);
  if (enrolment.until !== null && enrolment.until < enrolment.from) {
    return { action: 'wrong', problems: ['input-invalid'] };
  }
  if (!standing)
    return { action: 'add', identity: { name: row.name, email: row.email }, enrolment };
  const email = row.email ?? standing.email;
  const renamed = !standing.locked && (row.name !== standing.name || email !== standing.email);
  const before = standing.enrolment;
  const moved = before?.from !== enrolment.from || before.until !== enrolment.until;
  if (!renamed && !moved) return { action: 'same' };
  return {
    action: before === null ? 'enrol' : 'change',
    ...(renamed ? { identity: { name: row.name, email } } : {}),
    ...(moved ? { enrolment } : {}),
  };
}

function deriveEnrolment(row: CheckedRow, before: Enrolment | null, from: FirstDay): Enrolment {
  if (before === null) return { from: row.from ?? from.date, until: row.until ?? null };
  const ended = before.until !== null && before.until < from.date && from.reopens !== false;
  // somebody comes back: the time away does not count, so a new enrolment begins
  if (ended && row.until === undefined) return { from: row.from ?? from.date, until: null };
  const earlier = from.named && from.date < before.from ? from.date : before.from;
  return {
    from: row.from ?? earlier,
    until: row.until === undefined ? before.until : row.until,
  };
}
