/** Text of a file or of a paste, and how to read it. */
export interface ListText {
  readonly text: string;
  readonly columns?: Readonly<Record<string, number>> | undefined;
  readonly header?: boolean | undefined;
}

export type ListKind = 'add' | 'enrol' | 'change' | 'same' | 'wrong';
export const listKinds = ['add', 'enrol', 'change', 'same', 'wrong'] as const;
/** How many rows do what; a kind that a list does not know is missing. */
export type ListCounts = Readonly<Partial<Record<ListKind, number>>>;

/** One row of a list and what becomes of it. */
export interface ListRow {
  /** 1-based line of the file. */
  readonly line: number;
  readonly number: string;
  readonly name: string;
  readonly email: string | null;
  readonly action: ListKind;
  readonly problems: readonly string[];
  /** For `duplicate-in-file`: the line that stands, where it is known. */
  readonly firstLine?: number | null;
  readonly changes?: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** What an import would do, whichever list it is. */
export interface ListLook {
  readonly header: readonly string[];
  readonly hasHeader: boolean;
  readonly columns: Readonly<Record<string, number | undefined>>;
  readonly counts: ListCounts;
  readonly rows: readonly ListRow[];
  readonly total: number;
}
