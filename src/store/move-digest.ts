import { hash } from 'node:crypto';
import type { Row } from './move-table.ts';

/**
 * Number of a table's rows and the SHA-256 of each, taken together whatever their order: equal on two engines where
 * every value is. Two equal rows would cancel out; a key keeps them from being there.
 */
export interface TableSum {
  readonly rows: number;
  readonly sha256: string;
}

export class TableDigest {
  #rows = 0;
  readonly #sum = Buffer.alloc(32);

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      // the engines may give the columns in orders of their own
      const cells = Object.keys(row)
        .sort()
        .map((column) => [column, plain(row[column])]);
      const one = hash('sha256', JSON.stringify(cells), 'buffer');
      for (let at = 0; at < one.length; at += 1)
        this.#sum[at] = (this.#sum[at] as number) ^ (one[at] as number);
    }
    this.#rows += rows.length;
  }

  sum(): TableSum {
    return { rows: this.#rows, sha256: this.#sum.toString('hex') };
  }
}

/** A value so that text, number, bytes and nothing are told apart. */
function plain(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return {
    bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
  };
}
