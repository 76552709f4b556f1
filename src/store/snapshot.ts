import type { Kysely } from 'kysely';
import { type EncodedPage, encodePage } from './backup-page.ts';
import type { MovedTable } from './move-table.ts';
import { walkTable } from './move-walk.ts';
import type { Schema } from './schema.ts';

/** The data of one moment. */
export interface Snapshot {
  readonly db: Kysely<Schema>;
  /** All rows of a table in order of its key, as a backup holds them. */
  pages(table: MovedTable, size: number): AsyncIterable<EncodedPage>;
}

/** Where the rows come into this thread anyway, they are encoded here. */
export const snapshotOf = (db: Kysely<Schema>): Snapshot => ({
  db,
  async *pages(table, size) {
    for await (const rows of walkTable(db, table, size)) yield encodePage({ table, rows });
  },
});
