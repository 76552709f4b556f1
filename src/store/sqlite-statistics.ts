import { sql } from 'kysely';
import type { Tx } from './engine.ts';

/** Rows that the planner should reckon with: an organisation has many, a whole key names one. */
const many = 1_000_000;
const some = 1_000;

interface IndexRow {
  readonly table: string;
  readonly index: string;
  readonly unique: number;
  readonly origin: string;
  readonly clustered: number;
  readonly columns: number;
}

/**
 * Tells SQLite's planner how selective the keys are. Without it the planner takes the first column of a key, the
 * organisation, for selective, and walks all its rows where it should look single ones up. The figures are fixed, so
 * that plans do not change with the data (see "The ANALYZE command" in SQLite's documentation).
 */
export async function writeStatistics(tx: Tx): Promise<void> {
  // makes the table of statistics, empty as the database still may be
  await sql`analyze`.execute(tx);
  await sql`delete from sqlite_stat1`.execute(tx);
  const { rows } = await sql<IndexRow>`
    select t.name as "table", i.name as "index", i."unique" as "unique", i.origin as origin, t.wr as clustered,
      (select count(*) from pragma_index_info(i.name)) as columns
    from pragma_table_list as t join pragma_index_list(t.name) as i
    where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite_%'`.execute(tx);
  for (const { table, index, unique, origin, clustered, columns } of rows) {
    const name = clustered === 1 && origin === 'pk' ? table : index;
    const stat = [many, ...selectivity(columns, unique === 1)].join(' ');
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${table}, ${name}, ${stat})`.execute(
      tx,
    );
  }
  await sql`analyze sqlite_schema`.execute(tx);
}

/** Rows that share the first column, the first two, and so on. */
function selectivity(columns: number, unique: boolean): number[] {
  return Array.from({ length: columns }, (_, index) => {
    const last = index === columns - 1;
    if (last) return unique ? 1 : 10;
    return index === 0 ? many : some;
  });
}
