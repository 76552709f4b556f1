import { stringify } from 'csv-stringify/sync';

/** The UTF-8 signature without which Excel takes a file for the machine's old code page. */
export const byteOrderMark = '\ufeff';

/** Quoted besides what RFC 4180 asks for: whatever some reader takes for the end of a line or of a cell. */
const quoted = /[\r\n\t;\u0085\u2028\u2029]|^\s|\s$/u;

/** Where a spreadsheet that separates cells by semicolons or tabs would find a formula inside one of ours. */
const hidden = /([;\t]\s*)(?=[=+\-@＝＋－＠])/gu;

/**
 * Rows as CSV that no cell can break out of: quoted by RFC 4180, and what a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
export function writeCsv(rows: readonly (readonly string[])[], lineEnd: '\n' | '\r\n'): string {
  return stringify(
    rows.map((row) => row.map((cell) => cell.replace(hidden, "$1'"))),
    { escape_formulas: true, record_delimiter: lineEnd, quoted_match: quoted },
  );
}
