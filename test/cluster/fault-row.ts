import { appendFileSync } from 'node:fs';

/** One line of the table that `npm run test:cluster` ends with. */
export interface FaultRow {
  readonly fault: string;
  readonly acknowledged: number;
  readonly found: number;
  readonly lost: number;
  readonly doubled: number;
  /** The longest time from one acknowledgement to the next, milliseconds. */
  readonly gapMs: number;
}

/** Names the file to which rows go, for whoever prints the table; without it they are printed at once. */
export const rowsVariable = 'MUSTER_CLUSTER_ROWS';

export function writeRow(row: FaultRow): void {
  const file = process.env[rowsVariable];
  const line = `${JSON.stringify(row)}\n`;
  if (file === undefined) process.stdout.write(line);
  else appendFileSync(file, line);
}

/** In the order of their names. */
export const readRows = (text: string): FaultRow[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FaultRow)
    .sort((a, b) => (a.fault < b.fault ? -1 : 1));
