import type { LocalDate } from './brand.ts';
import { type Identity, listChanged, listFields, tidyIdentity } from './identity.ts';
import { type OwnField, type PeopleRow, personDetails } from './people.wire.ts';
import type { PeopleColumns } from './people-heading.ts';
import { checkEmail, checkName, checkNumber } from './person.ts';
import { checkDetails, mergeOwn } from './person-detail.ts';
import type { Refusal } from './refusal.ts';
import { type RowProblem, shown, unescapeFormula } from './roster.ts';

/** One row of a list of people, judged by itself and by the rows before it. An empty cell says nothing. */
export interface CheckedPerson {
  /** 1-based line of the file. */
  readonly line: number;
  readonly number: string | null;
  readonly name: string;
  readonly email: string | null;
  /** Details and own fields that the row gives. */
  readonly details: Partial<Identity>;
  readonly problems: readonly RowProblem[];
  /** For `duplicate-in-file`: the line that stands. */
  readonly firstLine: number | null;
}

/** Judges the rows of one file in their order; the first of two rows with one number or address stands. */
export class PeopleCheck {
  readonly #columns: PeopleColumns;
  readonly #fields: readonly OwnField[];
  readonly #today: LocalDate;
  readonly #lines = new Map<string, number>();

  constructor(columns: PeopleColumns, fields: readonly OwnField[], today: LocalDate) {
    this.#columns = columns;
    this.#fields = fields;
    this.#today = today;
  }

  next(line: number, cells: readonly string[]): CheckedPerson {
    const problems: RowProblem[] = [];
    const cell = (field: string): string => {
      const column = this.#columns[field];
      return column === undefined ? '' : unescapeFormula(cells[column] ?? '');
    };
    const take = <T>(result: ({ ok: true } & T) | Refusal): T | null => {
      if (result.ok) return result;
      problems.push(result.code);
      return null;
    };
    const raw = {
      number: cell('number').trim(),
      name:
        this.#columns.name === undefined
          ? `${cell('firstName')} ${cell('lastName')}`
          : cell('name'),
      email: cell('email').trim(),
    };
    const email = raw.email === '' ? null : take(checkEmail(raw.email))?.email;
    // whoever has no number is known by the address
    const number =
      raw.number === '' && email ? null : (take(checkNumber(raw.number))?.number ?? undefined);
    const name = take(checkName(raw.name))?.name;
    const details = this.#readDetails(cell, take);
    const firstLine = this.#findFirst(number, email);
    if (firstLine !== null) problems.push('duplicate-in-file');
    if (problems.length === 0) {
      if (number) this.#lines.set(`number:${number}`, line);
      if (email) this.#lines.set(`email:${email}`, line);
    }
    return {
      line,
      number: number === undefined ? shown(raw.number) : number,
      name: name ?? shown(raw.name),
      email: email ?? (raw.email === '' ? null : shown(raw.email)),
      details,
      problems,
      firstLine,
    };
  }

  #readDetails(
    cell: (field: string) => string,
    take: <T>(result: ({ ok: true } & T) | Refusal) => T | null,
  ): Partial<Identity> {
    const given: Record<string, string> = {};
    for (const field of personDetails) {
      const text = cell(field).trim();
      if (text !== '') given[field] = text;
    }
    const own: Record<string, string> = {};
    for (const { id } of this.#fields) {
      const text = cell(`own.${id}`).trim();
      if (text !== '') own[id] = text;
    }
    const checked = checkDetails(
      { ...given, ...(Object.keys(own).length > 0 ? { own } : {}) },
      this.#fields,
      this.#today,
    );
    return take(checked)?.details ?? {};
  }

  #findFirst(number: string | null | undefined, email: string | null | undefined): number | null {
    const byNumber = number ? this.#lines.get(`number:${number}`) : undefined;
    const byEmail = email ? this.#lines.get(`email:${email}`) : undefined;
    return byNumber ?? byEmail ?? null;
  }
}

export type PersonDecision =
  | { readonly action: 'same' }
  | { readonly action: 'wrong'; readonly problems: readonly RowProblem[] }
  | { readonly action: 'add' | 'change'; readonly identity: Identity };

/** What a row does to the person it names; deciding it again on what came of it gives `same`. */
export function decidePerson(row: CheckedPerson, known: Identity | null): PersonDecision {
  if (row.problems.length > 0) return { action: 'wrong', problems: row.problems };
  if (known === null && row.number === null) {
    return { action: 'wrong', problems: ['number-missing'] };
  }
  const { own, ...details } = row.details;
  const before = known ? tidyIdentity(known) : { number: row.number, name: row.name, email: null };
  const identity = tidyIdentity({
    ...before,
    ...details,
    name: row.name,
    email: row.email ?? before.email,
    own: mergeOwn(before.own, own),
  });
  if (known === null) return { action: 'add', identity };
  return Object.keys(listChanged(known, identity)).length === 0
    ? { action: 'same' }
    : { action: 'change', identity };
}

/** A row as a preview shows it. */
export function presentRow(
  row: CheckedPerson,
  decision: PersonDecision,
  known: Identity | null,
): PeopleRow {
  const changed = 'identity' in decision && known ? listChanged(known, decision.identity) : {};
  const after = 'identity' in decision ? listFields(decision.identity) : new Map<string, string>();
  return {
    line: row.line,
    number: row.number ?? '',
    name: row.name,
    email: row.email,
    action: decision.action,
    changes: Object.entries(changed).map(([field, before]) => ({
      field,
      before,
      after: after.get(field) ?? null,
    })),
    problems: decision.action === 'wrong' ? decision.problems : [],
    firstLine: row.firstLine,
  };
}
