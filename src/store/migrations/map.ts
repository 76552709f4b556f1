import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../engine.ts';
import * as first from './0001-first.ts';

export interface Migration {
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
}

/** Every schema version in order; the key is the version. Nothing is ever removed or renumbered. */
export const migrations: ReadonlyMap<number, Migration> = new Map([[1, first]]);

export const newestVersion = Math.max(...migrations.keys());
