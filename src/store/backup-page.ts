import type { Row } from './move-table.ts';

/** Rows of one table, all with the same columns. */
export interface BackupPage {
  readonly table: string;
  readonly rows: readonly Row[];
}

/** A page as it goes into a chunk. */
export interface EncodedPage {
  readonly table: string;
  readonly rows: number;
  readonly data: Buffer;
}

interface PageHead {
  readonly table: string;
  readonly columns: readonly string[];
  /** Which of them hold bytes: in their cells stands the length, or null. */
  readonly bytes: readonly number[];
  readonly rows: readonly (readonly unknown[])[];
}

const lengthSize = 4;

export function encodePage({ table, rows }: BackupPage): EncodedPage {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => Object.values(row));
  return { table, rows: rows.length, data: encodeCells(table, columns, cells) };
}

/**
 * As bytes, in memory of their own: the length of a JSON text, the text, then the bytes of all cells that hold such, one
 * after the other.
 * @param rows lists of cells in the order of the columns; cells with bytes are replaced by their length
 */
export function encodeCells(
  table: string,
  columns: readonly string[],
  rows: readonly unknown[][],
): Buffer {
  const bytes = new Set<number>();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const cells of rows) {
    for (let index = 0; index < cells.length; index += 1) {
      const value = cells[index];
      if (!(value instanceof Uint8Array)) continue;
      bytes.add(index);
      pieces.push(value);
      length += value.byteLength;
      cells[index] = value.byteLength;
    }
  }
  const head: PageHead = { table, columns, bytes: [...bytes], rows };
  const text = Buffer.from(JSON.stringify(head));
  const data = Buffer.allocUnsafeSlow(lengthSize + text.length + length);
  let at = data.writeUInt32BE(text.length);
  for (const piece of [text, ...pieces]) {
    data.set(piece, at);
    at += piece.length;
  }
  return data;
}

/**
 * @param withBytes false leaves lengths in the place of bytes, for whoever does not need them
 * @throws where the bytes are no page
 */
export function decodePage(data: Buffer, { withBytes = true } = {}): BackupPage {
  const end = lengthSize + data.readUInt32BE(0);
  const { table, columns, bytes, rows } = JSON.parse(
    data.toString('utf8', lengthSize, end),
  ) as PageHead;
  const isBytes = columns.map((_, index) => withBytes && bytes.includes(index));
  let at = end;
  const decoded = rows.map((cells) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) {
      let value = cells[index];
      if (isBytes[index] && typeof value === 'number') {
        value = data.subarray(at, at + value);
        at += (value as Buffer).length;
      }
      row[columns[index] as string] = value;
    }
    return row;
  });
  return { table, rows: decoded };
}
