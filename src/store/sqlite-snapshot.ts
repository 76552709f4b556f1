import { CompiledQuery, Kysely } from 'kysely';
import type { EncodedPage } from './backup-page.ts';
import { keyOf, type MovedTable } from './move-table.ts';
import type { Schema } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import type { SqliteOpening, SqlitePage } from './sqlite-wire.ts';

/**
 * Runs `work` on a connection whose one transaction only reads: the write-ahead log keeps its moment, and grows
 * meanwhile.
 * @throws SqliteError
 */
export async function readSnapshot<T>(
  opening: SqliteOpening,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const connection = new SqliteConnection(opening);
  const db = new Kysely<Schema>({ dialect: sqliteDialect(connection) });
  try {
    await connection.executeQuery(CompiledQuery.raw('begin'));
    // the moment is that of the first read
    await connection.executeQuery(CompiledQuery.raw('select count(*) from sqlite_master'));
    return await work({ db, pages: (table, size) => walkPages(connection, table, size) });
  } finally {
    await connection.close();
  }
}

/** Rows are encoded in the connection's thread: they never become objects in this one. */
async function* walkPages(
  connection: SqliteConnection,
  table: MovedTable,
  size: number,
): AsyncGenerator<EncodedPage> {
  const key = keyOf(table);
  const names = key.map((column) => `"${column}"`).join(', ');
  const after = `where (${names}) > (${key.map(() => '?').join(', ')})`;
  const load = (last: SqlitePage['last']) => {
    const sql = `select * from "${table}" ${last ? after : ''} order by ${names} limit ${size}`;
    return connection.executePage(sql, last ?? [], { table, key });
  };
  for (let coming = load(null); ; ) {
    const { data, rows, last } = await coming;
    if (rows === size) {
      // read while the caller is busy with this one; whoever asks for it hears of a failure
      coming = load(last);
      coming.catch(() => {});
    }
    if (rows > 0)
      yield { table, rows, data: Buffer.from(data.buffer, data.byteOffset, data.length) };
    if (rows < size) return;
  }
}
