import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../engine.ts';
import * as first from './0001-first.ts';
import * as instances from './0002-instances.ts';
import * as people from './0003-people.ts';
import * as keeping from './0004-keeping.ts';

export interface Migration {
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
}

/** Every schema version in order; the key is the version. Nothing is ever removed or renumbered. MariaDB
 * commits each change of a table by itself, so every step can be repeated where a migration was cut off. */
export const migrations: ReadonlyMap<number, Migration> = new Map([
  [1, first],
  [2, instances],
  [3, people],
  [4, keeping],
]);

export const newestVersion = Math.max(...migrations.keys());
