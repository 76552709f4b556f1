// What only the administrator of a database server may do.
import type { ServerAddress } from '../../src/store/database-address.ts';
import { connectMariadb } from './mariadb.ts';
import { connectPostgres } from './postgres.ts';

/** Rows of statements, one after the other, as the server's administrator; `database` is the one to run them in. */
export async function administer(
  address: ServerAddress,
  statements: readonly string[],
  database = address.database,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  if (address.engine === 'postgres') {
    const client = await connectPostgres(address, database);
    try {
      for (const statement of statements) rows.push(...(await client.query(statement)).rows);
    } finally {
      await client.end();
    }
    return rows;
  }
  const connection = await connectMariadb(address);
  try {
    if (database !== address.database) await connection.query(`use ${database}`);
    for (const statement of statements) {
      const [found] = await connection.query(statement);
      if (Array.isArray(found)) rows.push(...(found as Record<string, unknown>[]));
    }
  } finally {
    await connection.end();
  }
  return rows;
}
