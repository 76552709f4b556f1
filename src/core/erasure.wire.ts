import { z } from 'zod';
import { note } from './field.wire.ts';

/** POST /api/people/:person/erase: the name as it stands, typed. */
export const eraseRequest = z.strictObject({
  name: z.string().max(1_000),
  reason: note.optional(),
});

/** What remains of an erasure, to be shown and printed. It names nobody who was erased. */
export interface ErasureCertificate {
  /** Counts the erasures of the installation; also the epoch: the keys of all epochs before it are destroyed. */
  readonly number: number;
  readonly erasedAt: number;
  /** Who ordered it: a person's id, `operator` or `job`; null for a name that is not known any more. */
  readonly by: { readonly id: string; readonly name: string | null };
  /** Ids that were erased: the person, and those who turned out to be the person. */
  readonly erased: readonly string[];
  /** Done again in a database that was restored from an older backup. */
  readonly restored: boolean;
  /** The last of its events in the stream `people`, which the chain of the ledger covers. */
  readonly seq: number;
  readonly hash: string;
}

/** Erasures of one page. */
export const erasurePageSize = 100;

/** GET /api/erasures?cursor=: newest first. */
export interface ErasurePage {
  readonly erasures: readonly ErasureCertificate[];
  /** Asks for the next page; null at the end. */
  readonly cursor: string | null;
}
