/** What the main thread and a connection's thread say to each other. */
export interface SqliteOpening {
  readonly path: string;
  /** The raw 32-byte key in hex. */
  readonly key: string;
  readonly readonly: boolean;
  /** FULL always; a test switches it off to show that it can tell. */
  readonly synchronous: 'FULL' | 'OFF';
}

export interface SqliteCall {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** `params` is a list of rows for one prepared statement. */
  readonly many: boolean;
  /** The rows are to come back encoded as a page of a backup, with the cells of this key of the last one. */
  readonly page?: PageWanted;
  /** Number of the transaction that the call belongs to, or 0. */
  readonly transaction: number;
}

export interface PageWanted {
  readonly table: string;
  readonly key: readonly string[];
}

export interface SqlitePage {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  /** null where there is no row. */
  readonly last: readonly unknown[] | null;
}

export type SqliteReply =
  | { readonly page: SqlitePage }
  | { readonly columns: readonly string[]; readonly rows: readonly unknown[][] }
  | { readonly changes: number }
  | { readonly error: { readonly code: string; readonly message: string } };
