import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Column types that the engines name differently. */
export interface ColumnTypes {
  /** Sealed values of a few kilobytes. */
  readonly bytes: string;
  /** Short text that can stand in a key. */
  readonly key: string;
  /** Text of any length. */
  readonly long: string;
  /** Ends the definition of a table whose rows lie in the order of its key. */
  readonly clustered: string;
}

/** The statements of one transaction; it lives only as long as the work that was given it. */
export type Tx = Kysely<Schema>;

/** One database. The law that every engine keeps: `write` is serialisable per stream and durable when it resolves. */
export interface Engine extends AsyncDisposable {
  readonly name: 'sqlite' | 'postgres' | 'mariadb';
  readonly columnTypes: ColumnTypes;
  /** Whether its transactions never overlap: then what one reads cannot change before its commit. */
  readonly exclusive: boolean;
  /** Reads that may be a moment behind, never half a transaction. */
  readonly read: Kysely<Schema>;
  /** Runs `work` in one transaction; resolves after the commit is on disk. Thrown errors roll back. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Resolves when a transaction could begin at once. */
  turn(): Promise<void>;
  /** Adds many rows of one shape in as few round trips as the engine allows. */
  insertMany<Table extends keyof Schema>(
    tx: Tx,
    table: Table,
    rows: readonly Schema[Table][],
  ): Promise<void>;
  /** Inserts, or replaces what stands under the same key. */
  upsertMany<Table extends keyof Schema>(
    tx: Tx,
    table: Table,
    key: readonly (keyof Schema[Table] & string)[],
    rows: readonly Schema[Table][],
  ): Promise<void>;
  /** Called once after a migration, in its transaction: whatever makes this engine plan well. */
  tune(tx: Tx): Promise<void>;
  isUniqueViolation(error: unknown): boolean;
  isDiskFull(error: unknown): boolean;
}

/** Pads a list by repeating its last value to a few fixed lengths, so that statements stay prepared. */
export function padded<T>(values: readonly T[]): T[] {
  const list = [...values];
  let size = 1;
  while (size < list.length) size *= 4;
  while (list.length < size) list.push(list[list.length - 1] as T);
  return list;
}
