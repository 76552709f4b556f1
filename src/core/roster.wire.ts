import { z } from 'zod';
import { groupId, localDate } from './field.wire.ts';

const rosterFields = ['number', 'name', 'firstName', 'lastName', 'email', 'from', 'until'] as const;
export type RosterField = (typeof rosterFields)[number];
const rosterTextMaxLength = 5_000_000;

/**
 * POST /api/groups/:id/roster/preview and /apply. `text` is CSV, semicolon- or tab-separated (paste from a
 * spreadsheet). `columns` maps fields to column indexes; without it the header decides.
 */
export const rosterImport = z.strictObject({
  text: z.string().max(rosterTextMaxLength),
  columns: z.partialRecord(z.enum(rosterFields), z.int().min(0).max(200)).optional(),
  header: z.boolean().optional(),
  from: localDate.optional(),
});
export type RosterImport = z.infer<typeof rosterImport>;

export interface RosterPreview {
  readonly header: readonly string[];
  readonly hasHeader: boolean;
  readonly columns: Partial<Record<RosterField, number>>;
  readonly counts: {
    readonly add: number;
    readonly enrol: number;
    readonly change: number;
    readonly same: number;
    readonly wrong: number;
  };
  /** At most 200 rows: every wrong one first, then the first others. */
  readonly rows: readonly RosterRow[];
  readonly total: number;
}

export interface RosterRow {
  /** 1-based line of the file. */
  readonly line: number;
  readonly number: string;
  readonly name: string;
  readonly email: string | null;
  readonly action: 'add' | 'enrol' | 'change' | 'same' | 'wrong';
  /** Why it is wrong: refusal codes, or `duplicate-in-file`. */
  readonly problems: readonly string[];
}

/** The answer to /apply. */
export interface RosterApplied {
  readonly added: number;
  readonly enrolled: number;
  readonly changed: number;
  readonly same: number;
  readonly wrong: number;
}

/** POST /api/day-files: files of earlier years, `Roll,Name,Time` (name of the file gives the date). */
export const dayFileImport = z.strictObject({
  group: groupId,
  files: z
    .array(z.strictObject({ name: z.string().max(255), text: z.string().max(rosterTextMaxLength) }))
    .min(1)
    .max(400),
  apply: z.boolean(),
});
export interface DayFileResult {
  readonly files: readonly {
    readonly name: string;
    readonly date: string | null;
    readonly rows: number;
    readonly wrong: readonly { readonly line: number; readonly problem: string }[];
    /** `new`: becomes a session; `same`: was brought in before. */
    readonly action: 'new' | 'same' | 'wrong';
  }[];
}
