import { CompiledQuery, type Kysely, sql } from 'kysely';
import type { Tx } from './engine.ts';
import type { Schema } from './schema.ts';

const quote = (name: string) => `"${name}"`;

/** Types of the columns, by table. */
type Types = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Inserts many rows by one statement whose text does not depend on their number: a column travels as one array. So
 * the server keeps one plan for each table.
 */
export class PostgresColumns {
  readonly #db: Kysely<Schema>;
  #types: Types = new Map();

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /**
   * To be awaited before a transaction: then its statements are sent in the order in which they are asked for. Costs
   * nothing from the second time on.
   */
  async ready(): Promise<void> {
    if (this.#types.size === 0) this.#types = await loadTypes(this.#db);
  }

  /** The tables are others now. */
  forget(): void {
    this.#types = new Map();
  }

  /** @param suffix what follows, such as `on conflict do nothing` */
  async insert(tx: Tx, table: string, rows: readonly object[], suffix: string): Promise<void> {
    const columns = Object.keys(rows[0] as object);
    // a table of a migration that was done after the types were loaded
    if (!this.#types.has(table)) this.#types = await loadTypes(this.#db);
    const types = this.#types.get(table);
    const arrays = columns.map(
      (column, index) => `$${index + 1}::${types?.get(column) ?? 'text'}[]`,
    );
    const statement = `insert into ${quote(table)} (${columns.map(quote).join(', ')}) select * from unnest(${arrays.join(', ')})${suffix}`;
    const values = columns.map((column) =>
      rows.map((row) => (row as Record<string, unknown>)[column]),
    );
    await tx.executeQuery(CompiledQuery.raw(statement, values));
  }
}

async function loadTypes(db: Kysely<Schema>): Promise<Types> {
  const { rows } = await sql<{ table: string; name: string; type: string }>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
      and a.attnum > 0 and not a.attisdropped`.execute(db);
  const types = new Map<string, Map<string, string>>();
  for (const { table, name, type } of rows) {
    const columns = types.get(table) ?? new Map<string, string>();
    types.set(table, columns.set(name, type));
  }
  return types;
}
