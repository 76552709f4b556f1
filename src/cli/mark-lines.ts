import { CsvError, parse } from 'csv-parse/sync';
import { type Status, statuses } from '../core/status.ts';
import { Misused, Refused } from './failure.ts';

/** A mark as it was asked for. */
export interface WantedMark {
  /** 1-based, of the file. */
  readonly line: number;
  readonly person: string;
  /** Null takes every mark away. */
  readonly status: Status | null;
  readonly reason: string | undefined;
}

const statusOf = (text: string): Status | null | undefined => {
  const word = text.trim().toLowerCase();
  return word === 'none' ? null : statuses.find((status) => status === word);
};

/** @throws Misused */
export function readStatus(text: string): Status | null {
  const status = statusOf(text);
  if (status === undefined)
    throw new Misused(`A status is ${statuses.join(', ')} or none, not "${text}".`);
  return status;
}

/**
 * Marks from CSV (with or without the heading `number,status,reason`) or from lines of JSON; a person who stands there twice gets the last one.
 * @throws Refused where a line is neither, or there is none
 */
export function readMarks(text: string): WantedMark[] {
  const plain = text.replace(/^\ufeff/, '');
  const marks = /^\s*\{/.test(plain) ? readJson(plain) : readCsv(plain);
  if (marks.length === 0) throw new Refused('There is no mark in it.', 'import-unreadable');
  return [...new Map(marks.map((mark) => [mark.person.toUpperCase(), mark])).values()];
}

function readJson(text: string): WantedMark[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      const { number, status, reason } = JSON.parse(line) as Record<string, unknown>;
      return [wantedOf(index + 1, String(number ?? ''), String(status ?? 'none'), reason)];
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw unreadable(index + 1, 'is not a JSON object');
    }
  });
}

function readCsv(text: string): WantedMark[] {
  const rows = rowsOf(text);
  const [heading] = rows;
  // only the word itself is a heading: a status that is written wrong in the first line must not pass for one
  const isHeading = heading?.record[1]?.toLowerCase() === 'status';
  return rows
    .slice(isHeading ? 1 : 0)
    .map(({ line, record: [person = '', status = '', reason] }) =>
      wantedOf(line, person, status, reason === '' ? undefined : reason),
    );
}

function rowsOf(text: string): { line: number; record: string[] }[] {
  try {
    const rows = parse(text, {
      delimiter: [',', ';', '\t'],
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { info: { lines: number }; record: string[] }[];
    return rows.map(({ info, record }) => ({ line: info.lines, record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(Number(error.lines ?? 1), 'cannot be read');
  }
}

function wantedOf(line: number, person: string, text: string, reason: unknown): WantedMark {
  const status = statusOf(text);
  if (person.trim() === '') throw unreadable(line, 'names nobody');
  if (status === undefined) throw unreadable(line, `has no status, but "${text}"`);
  return { line, person, status, reason: typeof reason === 'string' ? reason : undefined };
}

const unreadable = (line: number, what: string): Refused =>
  new Refused(`Line ${line} ${what}; nobody was marked.`, 'import-unreadable');
