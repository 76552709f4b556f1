import { z } from 'zod';
import type { RetentionKind, RetentionRules } from './retention.ts';

const rule = z
  .discriminatedUnion('unit', [
    z.strictObject({ unit: z.literal('days'), count: z.int().min(1).max(3_650) }),
    z.strictObject({ unit: z.literal('months'), count: z.int().min(1).max(240) }),
  ])
  .nullable();

/** How long each kind of data is kept; null: for ever. */
export const retentionRules = z.strictObject({
  evidence: rule,
  access: rule,
  mail: rule,
  notes: rule,
  guests: rule,
  deactivated: rule,
}) satisfies z.ZodType<RetentionRules>;

/** POST /api/retention/preview: what the next run would destroy by rules that are not saved yet. */
export const retentionPreview = z.strictObject({ rules: retentionRules });

/** POST /api/retention; by rules that let more go, only when confirmed. */
export const retentionChange = z.strictObject({ rules: retentionRules, confirmed: z.boolean() });

/** POST /api/retention/run -> RunAnswer */
export const retentionOrder = z.strictObject({ confirmed: z.literal(true) });

/** What came of a run that was asked for. */
export interface RunAnswer {
  readonly ok: true;
  readonly counts: RetentionRun['counts'];
  /** False where it was broken off, or goes on. */
  readonly ended: boolean;
  /** It takes longer than anybody should wait: GET /api/retention tells as `lastRun` how far it is. */
  readonly goesOn: boolean;
}

/** What the next run destroys of one kind. */
export interface RetentionDue {
  readonly kind: RetentionKind;
  /** What is older goes; null: kept for ever. */
  readonly cutoff: number | null;
  readonly count: number;
  /** Whether there are more than were counted. */
  readonly more: boolean;
  readonly oldestAt: number | null;
  /** The oldest few; names only for administrators, and null where there is nobody. */
  readonly examples: readonly {
    readonly at: number;
    readonly person: { readonly id: string; readonly name: string | null } | null;
  }[];
}

export interface RetentionRun {
  readonly at: number;
  /** Null while it goes on, or where it was broken off: the next run finishes it. */
  readonly endedAt: number | null;
  /** A person's name or id, `job` or `operator`. */
  readonly by: string;
  readonly counts: Readonly<Partial<Record<RetentionKind, number>>>;
}

/** GET /api/retention, and what /preview answers. */
export interface RetentionView {
  readonly rules: RetentionRules;
  readonly due: readonly RetentionDue[];
  /** Kinds of which more would go than by the rules that stand. */
  readonly stricter: readonly RetentionKind[];
  /** The newest that destroyed something. */
  readonly lastRun: RetentionRun | null;
  /** When a run last looked, whether it found something or not. */
  readonly lookedAt: number | null;
  /** How many people a legal hold keeps. */
  readonly held: number;
}
