import type { Kysely } from 'kysely';
import { keyOf, type MovedTable, type Row } from './move-table.ts';
import type { Schema } from './schema.ts';

const pageSize = 500;

type AnyTable = Kysely<Record<string, Row>>;

/** All rows of a table in order of its key, page by page. */
export async function* walkTable(
  db: Kysely<Schema>,
  table: MovedTable,
  size = pageSize,
): AsyncGenerator<Row[]> {
  const load = (after?: Row) => loadPage(db as unknown as AnyTable, table, after, size);
  for (let coming = load(); ; ) {
    const page = await coming;
    const isLast = page.length < size;
    if (!isLast) {
      // read while the caller is busy with this one; whoever asks for it hears of a failure
      coming = load(page.at(-1));
      coming.catch(() => {});
    }
    if (page.length > 0) yield page;
    if (isLast) return;
  }
}

export async function countRows(db: Kysely<Schema>, table: MovedTable): Promise<number> {
  const { n } = await (db as unknown as AnyTable)
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/**
 * The rows after one, by its key: first those that share all but the last column of the key, then those that share
 * one less. Each question is a plain range of the key, which every engine finds without a search.
 */
async function loadPage(
  db: AnyTable,
  table: MovedTable,
  after: Row | undefined,
  size: number,
): Promise<Row[]> {
  const key = keyOf(table);
  if (!after) return ordered(db, table, key).limit(size).execute();
  const rows: Row[] = [];
  for (let depth = key.length - 1; depth >= 0 && rows.length < size; depth -= 1) {
    let query = ordered(db, table, key.slice(depth));
    for (const column of key.slice(0, depth)) query = query.where(column, '=', after[column]);
    query = query.where(key[depth] as string, '>', after[key[depth] as string]);
    rows.push(...(await query.limit(size - rows.length).execute()));
  }
  return rows;
}

function ordered(db: AnyTable, table: MovedTable, columns: readonly string[]) {
  let query = db.selectFrom(table).selectAll();
  for (const column of columns) query = query.orderBy(column);
  return query;
}
