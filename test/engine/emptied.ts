// Databases that are used again: making one takes a server longer than most tests take.

import { openServer } from '../../src/store/database.ts';
import type { ServerAddress } from '../../src/store/database-address.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabase, serverAddress, type TestDatabase } from '../engines.ts';
import { administer } from './administer.ts';

interface Used {
  readonly database: TestDatabase;
  readonly address: ServerAddress;
  readonly tables: string;
}

const idle: Used[] = [];

/**
 * A database with the newest schema and no rows, of nobody else until it is disposed of; then the next test of the
 * same file may get it.
 */
export async function emptiedDatabase(engine: 'postgres' | 'mariadb'): Promise<TestDatabase> {
  const index = idle.findIndex(({ address }) => address.engine === engine);
  const used = index >= 0 ? (idle.splice(index, 1)[0] as Used) : await make(engine);
  return {
    address: used.address,
    async [Symbol.asyncDispose]() {
      const tables = await listTables(used.address);
      // a test that changed the schema keeps it to itself
      if (tables.join() !== used.tables) return used.database[Symbol.asyncDispose]();
      const quote = engine === 'postgres' ? '"' : '`';
      await administer(
        serverAddress(engine),
        tables
          .filter((table) => table !== 'muster_schema')
          .map((table) => `delete from ${quote}${table}${quote}`),
        used.address.database,
      );
      idle.push(used);
    },
  };
}

async function make(engine: 'postgres' | 'mariadb'): Promise<Used> {
  const database = await freshDatabase(engine);
  const address = database.address as ServerAddress;
  await using made = await openServer(address);
  await migrate(made);
  return { database, address, tables: (await listTables(address)).join() };
}

async function listTables({ engine, database }: ServerAddress): Promise<string[]> {
  const schema = engine === 'postgres' ? `current_schema()` : `database()`;
  const rows = await administer(
    serverAddress(engine),
    [
      `select table_name as name from information_schema.tables where table_schema = ${schema} order by 1`,
    ],
    database,
  );
  return rows.map(({ name }) => String(name));
}
