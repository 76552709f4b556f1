import type { Instant } from './brand.ts';
import { dayBounds, localDate } from './local-time.ts';

/**
 * Kinds of data that go by themselves. `evidence`: what a check-in came with; `access`: addresses and devices of
 * sign-ins and other acts; `mail`: mails that were sent or given up; `notes`: notes of hosts; `guests`: people of one
 * session only; `deactivated`: people who were deactivated.
 */
export const retentionKinds = [
  'evidence',
  'access',
  'mail',
  'notes',
  'guests',
  'deactivated',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** How long a kind is kept; null: for ever. */
export type RetentionRule = {
  readonly count: number;
  readonly unit: 'days' | 'months';
} | null;
export type RetentionRules = Readonly<Record<RetentionKind, RetentionRule>>;

/** What nobody has to keep goes after a while; records, names and notes stay until somebody says otherwise. */
export const defaultRules: RetentionRules = {
  evidence: { count: 12, unit: 'months' },
  access: { count: 12, unit: 'months' },
  mail: { count: 30, unit: 'days' },
  notes: null,
  guests: null,
  deactivated: null,
};

/** What is older goes; a kind that is kept for ever has none. */
export type Cutoffs = Readonly<Partial<Record<RetentionKind, Instant>>>;

/**
 * The instant before which everything is old enough: the beginning of the local day that lies so long before today.
 * So a thing stays through the whole day on which it reaches its age, and goes with the day after.
 */
export function cutoffOf(rule: RetentionRule, now: Instant, zone: string): Instant | null {
  if (rule === null) return null;
  const today = Temporal.PlainDate.from(localDate(now, zone));
  const day = today.subtract({ [rule.unit]: rule.count });
  return dayBounds(day.toString() as Parameters<typeof dayBounds>[0], zone).from;
}

export function cutoffsOf(rules: RetentionRules, now: Instant, zone: string): Cutoffs {
  const cutoffs: Partial<Record<RetentionKind, Instant>> = {};
  for (const kind of retentionKinds) {
    const cutoff = cutoffOf(rules[kind], now, zone);
    if (cutoff !== null) cutoffs[kind] = cutoff;
  }
  return cutoffs;
}

/** The kinds of which more goes by the second rules than by the first. */
export function listStricter(
  before: RetentionRules,
  after: RetentionRules,
  now: Instant,
  zone: string,
): RetentionKind[] {
  return listBeyond(cutoffsOf(after, now, zone), cutoffsOf(before, now, zone));
}

/** The kinds of which these cut-offs let more go than is allowed. */
export function listBeyond(cutoffs: Cutoffs, allowed: Cutoffs): RetentionKind[] {
  return retentionKinds.filter((kind) => {
    const cutoff = cutoffs[kind];
    return cutoff !== undefined && cutoff > (allowed[kind] ?? Number.NEGATIVE_INFINITY);
  });
}

/** Of each kind the earlier cut-off; what one of them keeps is kept. */
export function laxer(left: Cutoffs, right: Cutoffs): Cutoffs {
  const cutoffs: Partial<Record<RetentionKind, Instant>> = {};
  for (const kind of retentionKinds) {
    const [one, other] = [left[kind], right[kind]];
    if (one !== undefined && other !== undefined) cutoffs[kind] = Math.min(one, other) as Instant;
  }
  return cutoffs;
}

/**
 * Whose sealed data a kind destroys, by the type of the event. Their data are the kind's alone: what a record, a
 * history or a rebuild needs stands in the clear, and names nobody.
 */
export const retiredTypes = {
  evidence: ['check-in', 'check-in.disputed'],
  access: ['sign-in.made', 'sign-in.moved', 'sign-in.refused', 'password.link-made', 'audit.read'],
  notes: ['mark', 'note'],
} as const satisfies Partial<Record<RetentionKind, readonly string[]>>;
export type EventKind = keyof typeof retiredTypes;
export const eventKinds = Object.keys(retiredTypes) as EventKind[];

/** By which kind an event's sealed data go, or null where no rule touches them. */
export function kindOfEvent(type: string): EventKind | null {
  return (
    eventKinds.find((kind) => (retiredTypes[kind] as readonly string[]).includes(type)) ?? null
  );
}

/** A run as the ledger tells of it: begun at an instant, with these cut-offs. */
export interface BegunRun {
  readonly at: Instant;
  readonly cutoffs: Cutoffs;
}

/**
 * The run that destroyed an event's sealed data: the first, after it was received, whose cut-off lies behind it.
 * Null where no rule accounts for it: none lets go what is newer than the run.
 * @param runs in order of time
 * @param isFree whether nothing else kept the data from that run
 */
export function findRun<Run extends BegunRun>(
  runs: readonly Run[],
  { type, receivedAt }: { readonly type: string; readonly receivedAt: Instant },
  isFree: (run: Run) => boolean = () => true,
): Run | null {
  const kind = kindOfEvent(type);
  if (kind === null) return null;
  const lets = ({ at, cutoffs }: Run) =>
    receivedAt < Math.min(at, cutoffs[kind] ?? Number.NEGATIVE_INFINITY);
  return runs.find((run) => lets(run) && isFree(run)) ?? null;
}
