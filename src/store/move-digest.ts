import { createHash } from 'node:crypto';
import type { Row } from './move-table.ts';

/** Number and SHA-256 of a table's rows in order of their key: equal on two engines where every value is. */
export interface TableSum {
  readonly rows: number;
  readonly sha256: string;
}

export class TableDigest {
  #rows = 0;
  readonly #hash = createHash('sha256');

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      // the engines may give the columns in orders of their own
      const cells = Object.keys(row)
        .sort()
        .map((column) => [column, plain(row[column])]);
      this.#hash.update(`${JSON.stringify(cells)}\n`);
    }
    this.#rows += rows.length;
  }

  sum(): TableSum {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}

/** A value so that text, number, bytes and nothing are told apart. */
function plain(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return {
    bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
  };
}
