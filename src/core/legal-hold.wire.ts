import { z } from 'zod';
import type { Instant, PersonId } from './brand.ts';

/** Why a person's data must be kept, or may go again. */
export const holdChange = z.strictObject({ reason: z.string().trim().min(1).max(500) });

export interface LegalHolds {
  readonly holds: readonly {
    readonly person: PersonId;
    readonly placedAt: Instant;
    /** A person's id. */
    readonly placedBy: string;
    readonly reason: string;
  }[];
}
