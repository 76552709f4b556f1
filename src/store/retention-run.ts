import type { Kysely } from 'kysely';
import type { Instant } from '../core/brand.ts';
import type { BegunRun, Cutoffs, RetentionKind } from '../core/retention.ts';
import { commit, type Writing } from './ledger.ts';
import type { Schema } from './schema.ts';
import type { RetentionRunTable } from './schema-keeping.ts';
import { organisationStream, peopleStream, type Store } from './store.ts';

export type RetentionCounts = Readonly<Partial<Record<RetentionKind, number>>>;

/** A run that destroyed something, or is about to. */
export interface StoredRun extends BegunRun {
  /** Sequence of the event with which it began. */
  readonly run: number;
  readonly actor: string;
  readonly counts: RetentionCounts;
  /** Null while it goes on, or where it was broken off. */
  readonly endedAt: Instant | null;
}

const read = ({
  run,
  began_at,
  actor,
  cutoffs,
  counts,
  ended_at,
}: RetentionRunTable): StoredRun => ({
  run,
  at: began_at as Instant,
  actor,
  cutoffs: JSON.parse(cutoffs) as Cutoffs,
  counts: JSON.parse(counts) as RetentionCounts,
  endedAt: ended_at as Instant | null,
});

/** Every run, oldest first: one line for each day on which something went. */
export async function listRuns(store: Store, db: Kysely<Schema> = store.engine.read) {
  const rows = await db
    .selectFrom('retention_run')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .orderBy('run')
    .execute();
  return rows.map(read);
}

/**
 * Says in the ledger what will be destroyed, before anything is; the streams of organisation and people are locked. It is
 * sealed: whoever writes to the database without the keys cannot say it. How many events about people there were tells
 * which holds stood.
 * @param zone by which the cut-offs follow from the rules
 */
export async function beginRun(
  store: Store,
  { tx, now, lengthOf, append }: Writing,
  { actor, cutoffs, zone }: Pick<StoredRun, 'actor' | 'cutoffs'> & { readonly zone: string },
): Promise<StoredRun> {
  const stream = organisationStream;
  const data = { cutoffs, zone, peopleSeq: lengthOf(peopleStream) };
  const type = 'retention.begun';
  const [event] = await append([{ stream, type, occurredAt: now, actor, subject: null, data }]);
  const begun = { run: event?.seq ?? 0, at: now, actor, cutoffs, counts: {}, endedAt: null };
  await saveRun(store, tx, begun);
  return begun;
}

export async function saveRun(
  { engine, organisation }: Store,
  tx: Writing['tx'],
  { run, at, actor, cutoffs, counts, endedAt }: StoredRun,
): Promise<void> {
  const row: RetentionRunTable = {
    organisation,
    run,
    began_at: at,
    actor,
    cutoffs: JSON.stringify(cutoffs),
    counts: JSON.stringify(counts),
    ended_at: endedAt,
  };
  await engine.upsertMany(tx, 'retention_run', ['organisation', 'run'], [row]);
}

/** Says in the ledger what was destroyed. */
export function endRun(store: Store, run: StoredRun): Promise<StoredRun> {
  return commit(store, async ({ tx, now, lock, lengthOf, append }) => {
    const stream = organisationStream;
    await lock([stream, peopleStream]);
    const { actor, counts, cutoffs } = run;
    const facts = { begun: run.run, counts, cutoffs, peopleSeq: lengthOf(peopleStream) };
    const type = 'retention.run';
    await append([{ stream, type, occurredAt: now, actor, subject: null, facts }]);
    const ended = { ...run, endedAt: now };
    await saveRun(store, tx, ended);
    return ended;
  });
}
