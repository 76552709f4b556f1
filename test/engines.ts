// Databases for tests, on every engine that this run has.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DatabaseAddress,
  readDatabaseAddress,
  type ServerAddress,
} from '../src/store/database-address.ts';
import type { EngineName } from '../src/store/engine.ts';
import { administer } from './engine/administer.ts';
import { databasePrefix } from './engine/databases.ts';

/** A database of its own; disposing removes it with everything in it. */
export interface TestDatabase extends AsyncDisposable {
  readonly address: DatabaseAddress;
}

// what test/engine/setup.ts found or started
const urls = {
  postgres: process.env.MUSTER_TEST_POSTGRES,
  mariadb: process.env.MUSTER_TEST_MARIADB,
};

/** The engines that this run has. */
export const engineNames: readonly EngineName[] = [
  'sqlite',
  ...(urls.postgres ? (['postgres'] as const) : []),
  ...(urls.mariadb ? (['mariadb'] as const) : []),
];

/** The servers among them. */
export const serverNames = engineNames.filter((name) => name !== 'sqlite');

/** The server of this run, as its administrator. */
export function serverAddress(engine: 'postgres' | 'mariadb'): ServerAddress {
  const url = urls[engine];
  if (!url) throw new Error(`This run has no ${engine}.`);
  return readDatabaseAddress(url) as ServerAddress;
}

// a collation that is not the order of bytes: whoever relies on the database's default is found out
const create = {
  postgres: (name: string) =>
    `create database ${name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'en' locale 'C'`,
  mariadb: (name: string) =>
    `create database ${name} character set utf8mb4 collate utf8mb4_unicode_ci`,
};
const drop = {
  postgres: (name: string) => `drop database if exists ${name} with (force)`,
  mariadb: (name: string) => `drop database if exists ${name}`,
};

/** An empty database on the server of this run, or in a temporary folder. Its pool is small: many run at once. */
export async function freshDatabase(engine: EngineName): Promise<TestDatabase> {
  if (engine === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'muster-database-'));
    return {
      address: { engine, folder },
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const server = serverAddress(engine);
  const database = `${databasePrefix()}${randomBytes(6).toString('hex')}`;
  await administer(server, [create[engine](database)]);
  return {
    address: { ...server, database, pool: 4 },
    async [Symbol.asyncDispose]() {
      await administer(server, [drop[engine](database)]);
    },
  };
}
