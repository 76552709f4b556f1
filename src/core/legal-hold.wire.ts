import { z } from 'zod';
import type { Instant, PersonId } from './brand.ts';
import { reason } from './field.wire.ts';

/** Why a person's data must be kept, or may go again. */
export const holdChange = z.strictObject({ reason });

export interface LegalHold {
  readonly person: PersonId;
  readonly number: string | null;
  readonly name: string;
  readonly placedAt: Instant;
  /** A person's id; the name is null where it is not known any more. */
  readonly placedBy: { readonly id: string; readonly name: string | null };
  readonly reason: string;
}

/** GET /api/legal-holds?person=: the oldest first; with `person` only that person's. */
export interface LegalHolds {
  readonly holds: readonly LegalHold[];
}
