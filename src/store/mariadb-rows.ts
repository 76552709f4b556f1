import { CompiledQuery } from 'kysely';
import type { Tx } from './engine.ts';
import { numberOf } from './mariadb-error.ts';

const quote = (name: string) => `\`${name}\``;

/** A subquery with several rows where one value is meant: see `replacing`. */
const severalRows = 1242;
const duplicate = { errno: 1062, code: 'ER_DUP_ENTRY' };

type Row = Readonly<Record<string, unknown>>;

/** A statement's text and its rows' values stay below this, in bytes, escaped as they may be. */
const maxBytes = 1_000_000;
const maxRows = 1_000;

/** Adds rows of one shape by as few statements as the server takes. */
export async function insertRows(
  tx: Tx,
  table: string,
  rows: readonly object[],
  suffix = '',
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] as object);
  const head = `insert into ${quote(table)} (${columns.map(quote).join(', ')}) values `;
  const one = `(${columns.map(() => '?').join(', ')})`;
  const statements = pieces(rows as readonly Row[]).map((piece) =>
    tx.executeQuery(
      CompiledQuery.raw(
        head + piece.map(() => one).join(', ') + suffix,
        piece.flatMap((row) => columns.map((column) => row[column])),
      ),
    ),
  );
  await Promise.all(statements).catch((error: unknown) => {
    throw numberOf(error) === severalRows ? Object.assign(error as Error, duplicate) : error;
  });
}

/**
 * What stands under the same key is replaced: the end of an insert. A row that stands in the way under another unique
 * key would be replaced too; instead the statement fails, by a value that cannot be had.
 */
export function replacing(table: string, key: readonly string[], rows: readonly object[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const [first, ...rest] = columns.filter((column) => !key.includes(column)).map(quote);
  if (first === undefined) return keeping(rows);
  const isSame = key.map(quote).map((column) => `${column} = values(${column})`);
  const noValue = `(select ${quote(table)}.${first} from (select 1 union select 2) as two)`;
  const set = [
    `${first} = if(${isSame.join(' and ')}, values(${first}), ${noValue})`,
    ...rest.map((column) => `${column} = values(${column})`),
  ];
  return ` on duplicate key update ${set.join(', ')}`;
}

/** What stands under the same key stays; `insert ignore` would hide other errors too. */
export function keeping(rows: readonly object[]): string {
  const column = quote(Object.keys(rows[0] ?? {})[0] ?? '');
  return ` on duplicate key update ${column} = ${column}`;
}

function pieces(rows: readonly Row[]): Row[][] {
  const all: Row[][] = [];
  let piece: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = sizeOf(row);
    if (piece.length > 0 && (piece.length >= maxRows || bytes + size > maxBytes)) {
      all.push(piece);
      piece = [];
      bytes = 0;
    }
    piece.push(row);
    bytes += size;
  }
  if (piece.length > 0) all.push(piece);
  return all;
}

/** Never less than the row takes in a statement: text may double when escaped, and a character take three bytes. */
function sizeOf(row: Row): number {
  let bytes = 0;
  for (const value of Object.values(row)) {
    if (typeof value === 'string') bytes += value.length * 3 + 4;
    else if (value instanceof Uint8Array) bytes += value.byteLength * 2 + 5;
    else bytes += 22;
  }
  return bytes;
}
