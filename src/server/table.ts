import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type Refusal, refuse } from '../core/refusal.ts';

/** A row of a pasted or uploaded table; `line` is the 1-based line on which it begins. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const maxRows = 100_000;
const maxCells = 200;
/** Characters that are parsed before others get a turn: about 3 ms. */
const sliceLength = 32_768;

/**
 * Reads CSV (RFC 4180), semicolon- or tab-separated text; empty lines are left out. Refuses `import-unreadable`
 * where a quote is never closed or there is nothing, `import-too-large` beyond 100,000 rows.
 */
export async function readTable(raw: string): Promise<TableRow[] | Refusal> {
  const told = /^\ufeff?sep=([,;\t|])(?:\r\n?|\n)/i.exec(raw);
  const text = raw
    .slice(told?.[0].length ?? 0)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n');
  const delimiter = told?.[1] ?? guessDelimiter(text);
  const parser = parse({
    delimiter,
    info: true,
    quote: delimiter === '\t' && !/(^|\t|\n)"/.test(text) ? null : '"',
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
  });
  const rows: TableRow[] = [];
  let line = told ? 2 : 1;
  try {
    for await (const { record } of Readable.from(slices(text)).pipe(parser)) {
      const cells = record as string[];
      const begins = line;
      // a quoted cell may go on over several lines
      line += 1 + cells.reduce((sum, cell) => sum + countLines(cell), 0);
      if (cells.every((cell) => cell.trim() === '')) continue;
      if (rows.length === maxRows) return refuse('import-too-large', { max: maxRows });
      rows.push({ line: begins, cells: cells.slice(0, maxCells) });
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refuse('import-unreadable', { line });
  }
  return rows.length === 0 ? refuse('import-unreadable', { line: 0 }) : rows;
}

async function* slices(text: string): AsyncGenerator<string> {
  let start = 0;
  while (start < text.length) {
    let end = start + sliceLength;
    // never between the halves of a surrogate pair
    if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end += 1;
    yield text.slice(start, end);
    start = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The separator that the first line has most of, outside quotes. */
function guessDelimiter(text: string): string {
  const first = text.slice(0, 20_000).replace(/"[^"]*"/g, '');
  const line = first.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  const counts = ['\t', ';', ','].map((mark) => [mark, line.split(mark).length] as const);
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function countLines(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) count += 1;
  return count;
}
