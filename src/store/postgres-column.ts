import { CompiledQuery, type Kysely, sql } from 'kysely';
import type { Tx } from './engine.ts';
import type { Schema } from './schema.ts';

const quote = (name: string) => `"${name}"`;

/**
 * Inserts many rows by one statement whose text does not depend on their number: a column travels as one array. So
 * the server keeps one plan for each table.
 */
export class PostgresColumns {
  readonly #db: Kysely<Schema>;
  /** Types of the columns, by table. */
  readonly #types = new Map<string, Promise<ReadonlyMap<string, string>>>();

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** @param suffix what follows, such as `on conflict do nothing` */
  async insert(tx: Tx, table: string, rows: readonly object[], suffix: string): Promise<void> {
    const columns = Object.keys(rows[0] as object);
    const types = await this.#typesOf(table);
    const arrays = columns.map(
      (column, index) => `$${index + 1}::${types.get(column) ?? 'text'}[]`,
    );
    const statement = `insert into ${quote(table)} (${columns.map(quote).join(', ')}) select * from unnest(${arrays.join(', ')})${suffix}`;
    const values = columns.map((column) =>
      rows.map((row) => (row as Record<string, unknown>)[column]),
    );
    await tx.executeQuery(CompiledQuery.raw(statement, values));
  }

  #typesOf(table: string): Promise<ReadonlyMap<string, string>> {
    let types = this.#types.get(table);
    if (!types) {
      types = loadTypes(this.#db, table);
      this.#types.set(table, types);
      // what failed is asked again
      types.catch(() => this.#types.delete(table));
    }
    return types;
  }
}

async function loadTypes(db: Kysely<Schema>, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; type: string }>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = ${`"${table}"`}::regclass and attnum > 0 and not attisdropped`.execute(db);
  return new Map(rows.map(({ name, type }) => [name, type]));
}
