import { type Kysely, sql } from 'kysely';

/** Enough for the planner to see which columns tell rows apart. */
const rows = 300;
/** Of the column between the organisation and the end of a key, such as the session of a record. */
const perKey = 20;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** 1, 2, 3 ... in the primary key, or 0. */
  readonly place: number;
  readonly keys: number;
}

/**
 * Gives the planner a first notion of every table that is empty. Without it the planner takes the organisation for
 * selective and walks all its rows where it should look single ones up, until the server has looked at a table for
 * itself: a minute or so into its first rush. The rows that show it are gone before the commit.
 */
export async function writeStatistics(tx: Kysely<unknown>): Promise<void> {
  const columns = await listColumns(tx);
  for (const table of new Set(columns.map((column) => column.table))) {
    const found = await sql`select 1 from ${sql.id(table)} limit 1`.execute(tx);
    if (found.rows.length > 0) continue;
    const own = columns.filter((column) => column.table === table);
    const names = sql.join(own.map(({ name }) => sql.id(name)));
    const values = sql.join(own.map((column) => sql.raw(sampleOf(column))));
    await sql`insert into ${sql.id(table)} (${names}) select ${values} from generate_series(1, ${sql.lit(rows)}) as i`.execute(
      tx,
    );
    // the organisation never tells rows apart, whatever the sample says
    await sql`alter table ${sql.id(table)} alter column organisation set (n_distinct = 1)`.execute(
      tx,
    );
    await sql`analyze ${sql.id(table)}`.execute(tx);
    // under a savepoint the table gets new files, and counts as one that nobody has looked at, not as an empty one
    await sql`savepoint shown`.execute(tx);
    await sql`truncate ${sql.id(table)}`.execute(tx);
    await sql`release savepoint shown`.execute(tx);
  }
}

/** The end of a key tells rows apart, its middle many of them; common values would hide that, so there are none. */
function sampleOf({ name, type, place, keys }: Column): string {
  if (type === 'bytea') return "''::bytea";
  if (type !== 'text') return 'i';
  const isMiddle = name !== 'organisation' && place > 0 && place < keys;
  return isMiddle ? `'-' || (i / ${perKey})` : `'-' || i`;
}

async function listColumns(tx: Kysely<unknown>): Promise<Column[]> {
  const found = await sql<Column>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, -1) as type,
      coalesce(array_position(k.conkey, a.attnum), 0) as place, coalesce(cardinality(k.conkey), 0) as keys
    from pg_class as c
      join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_constraint as k on k.conrelid = c.oid and k.contype = 'p' and cardinality(k.conkey) > 1
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and exists (select 1 from pg_attribute as o where o.attrelid = c.oid and o.attname = 'organisation')
    order by c.relname, a.attnum`.execute(tx);
  return found.rows;
}
