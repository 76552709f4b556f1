import type { Kysely, RawBuilder } from 'kysely';
import type { Schema } from './schema.ts';
import type { Snapshot } from './snapshot.ts';

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

/** A query that reads rows. */
export interface Shareable<Query> {
  forShare(): Query;
  modifyEnd(modifier: RawBuilder<unknown>): Query;
}

export type EngineName = 'sqlite' | 'postgres' | 'mariadb';

/**
 * The connection broke while a transaction was being committed: it may stand or not. Who holds the stream's lock
 * again can look.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** A statement came after its transaction had ended: it was not run. */
export class TransactionOver extends Error {
  override readonly name = 'TransactionOver';
  constructor() {
    super('the transaction is over');
  }
}

/** One database. The law that every engine keeps: `write` is serialisable per stream and durable when it resolves. */
export interface Engine extends AsyncDisposable {
  readonly name: EngineName;
  readonly columnTypes: ColumnTypes;
  /** Whether its transactions never overlap: then what one reads cannot change before its commit. */
  readonly exclusive: boolean;
  /** Reads that may be a moment behind, never half a transaction. */
  readonly read: Kysely<Schema>;
  /**
   * Runs `work` in one transaction; resolves after the commit is on disk. Thrown errors roll back. The transaction
   * ends with `work`: a statement that comes later throws `TransactionOver`.
   * @throws OutcomeUnknown where the connection broke during the commit
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Runs `work` on the data as they stand at one moment, while others write: every read through the snapshot sees that
   * moment, however long it takes and however long nothing is asked. On a connection of its own.
   */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>;
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
  /** As `insertMany`, but a row whose key stands already is left as it stands. */
  insertMissing<Table extends keyof Schema>(
    tx: Tx,
    table: Table,
    rows: readonly Schema[Table][],
  ): Promise<void>;
  /** Makes a query hold the rows it reads until the transaction ends: others may read them, nobody can change them. */
  shared<Query extends Shareable<Query>>(query: Query): Query;
  /** Runs `work` while no other process does the same on this database; waits for its turn. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** What the database server's clock says, epoch milliseconds; null where the database lives in this process. */
  serverTime(): Promise<number | null>;
  /** Called once after a migration, in its transaction: whatever makes this engine plan well. */
  tune(tx: Tx): Promise<void>;
  isUniqueViolation(error: unknown): boolean;
  isDiskFull(error: unknown): boolean;
  /** Rolled back for the sake of another transaction (deadlock, lock not given in time): to be decided again. */
  isConflict(error: unknown): boolean;
  /** The server cannot be reached, is starting or stopping, or did not answer in time. `OutcomeUnknown` is one. */
  isAway(error: unknown): boolean;
}

/** Pads a list by repeating its last value to a few fixed lengths, so that statements stay prepared. */
export function padded<T>(values: readonly T[]): T[] {
  const list = [...values];
  let size = 1;
  while (size < list.length) size *= 4;
  while (list.length < size) list.push(list[list.length - 1] as T);
  return list;
}
