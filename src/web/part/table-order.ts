/** How a table's rows are found and put in order. Pure. */

export type Cell = string | number | null;

/** `name` or `-name`: by which column, and which way. */
export interface Order {
  readonly column: string;
  readonly down: boolean;
}

export function readOrder(text: string): Order | null {
  if (text === '' || text === '-') return null;
  return text.startsWith('-')
    ? { column: text.slice(1), down: true }
    : { column: text, down: false };
}

/** First press sorts upward, the second downward, the third puts the table back as it came. */
export function nextOrder(current: string, column: string): string {
  if (current === column) return `-${column}`;
  return current === `-${column}` ? '' : column;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Numbers by size, texts as a reader sorts them (2 before 10), empty cells last whichever way. */
export function compareCells(left: Cell, right: Cell, down: boolean): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  const order =
    typeof left === 'number' && typeof right === 'number'
      ? left - right
      : collator.compare(String(left), String(right));
  return down ? -order : order;
}

const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Every word of the query stands somewhere in the cells; accents and case do not matter. */
export function matches(query: string, cells: readonly Cell[]): boolean {
  const hay = plain(cells.filter((cell) => cell !== null).join(' '));
  return plain(query)
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
