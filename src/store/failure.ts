import type { Kysely } from 'kysely';
import type { Instant } from '../core/brand.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { padded, type Tx } from './engine.ts';
import { holdLatches } from './latch.ts';
import { commit } from './ledger.ts';
import type { FailureTable, Schema } from './schema.ts';
import type { Store } from './store.ts';

/** No throttle counts further than this: a subject has no more rows. */
const maxRows = 2_000;
/** The clocks of two instances may be apart by so much. */
const skewMs = 2_000;

/** A failure to be noted. Of the subject, such as `account/...`, only a blind index is stored. */
export interface Failure {
  readonly subject: string;
  /** For how long it counts. */
  readonly windowMs: number;
}

/** How often a subject failed lately, and when last. */
export interface Failing {
  readonly count: number;
  readonly last: Instant | null;
}

const never: Failing = { count: 0, last: null };

/** What was counted, by subject. */
export type Counted = (subject: string) => Failing;

/** How often these subjects failed, in one query. */
export async function countFailures(
  store: Store,
  db: Kysely<Schema>,
  subjects: readonly string[],
): Promise<Counted> {
  const { organisation, vault } = store;
  const now = store.clock.now();
  const indexes = [...new Set(subjects)].map((subject) => vault.throttleIndex(subject));
  const rows = await db
    .selectFrom('failure')
    .select(({ fn }) => ['subject', fn.countAll<number>().as('count'), fn.max('at').as('last')])
    .where('organisation', '=', organisation)
    .where('subject', 'in', padded(indexes))
    .where('until', '>', now)
    // what lies further ahead was noted before the clock was set back: it must not lock anybody out for that long
    .where('at', '<=', now + skewMs)
    .groupBy('subject')
    .execute();
  const found = new Map(
    rows.map(({ subject, count, last }) => [
      subject,
      { count: Number(count), last: Number(last) as Instant },
    ]),
  );
  return (subject) => found.get(vault.throttleIndex(subject)) ?? never;
}

/** Notes the failures of several callers in one transaction; tells each how often its subjects failed before. */
export async function noteFailures(
  store: Store,
  callers: readonly (readonly Failure[])[],
): Promise<Counted[]> {
  const all = callers.flat();
  const subjects = all.map(({ subject }) => subject);
  return commit(store, async ({ tx, now }) => {
    const stored = await countFailures(store, tx, subjects);
    const noted = new Map<string, number>();
    const before = (subject: string): Failing => {
      const { count, last } = stored(subject);
      const more = noted.get(subject) ?? 0;
      return more === 0 ? { count, last } : { count: count + more, last: now };
    };
    const rows: FailureTable[] = [];
    const counted = callers.map((failures) => {
      const own = new Map(failures.map(({ subject }) => [subject, before(subject)]));
      for (const failure of failures) {
        const { subject } = failure;
        if (before(subject).count >= maxRows) continue;
        rows.push(rowOf(store, failure, now));
        noted.set(subject, (noted.get(subject) ?? 0) + 1);
      }
      return (subject: string) => own.get(subject) ?? never;
    });
    await store.engine.insertMany(tx, 'failure', rows);
    return counted;
  });
}

/** A failure that was noted before it was known to be one. */
export interface Noted {
  readonly ok: true;
  readonly row: FailureTable;
}

/** Somebody who is about to try something that may fail. */
export interface Beginning {
  /** Whoever else holds one of these subjects waits for its turn, on whatever instance, so that many gain nothing. */
  readonly held: readonly string[];
  readonly read: readonly string[];
  /** The failure to be noted for now, or why nothing may be tried. It may be asked again. */
  readonly decide: (counted: Counted, now: Instant) => Failure | Refusal;
}

/** As `beginFailures`, for one caller. */
export async function beginFailure(
  store: Store,
  { held, read }: Pick<Beginning, 'held' | 'read'>,
  decide: Beginning['decide'],
): Promise<Noted | Refusal> {
  const [noted] = await beginFailures(store, [{ held, read, decide }]);
  return noted as Noted | Refusal;
}

/**
 * Counts the subjects of each caller and notes the failure that its `decide` answers, or nothing where it refuses; all
 * in one transaction, each seeing those before it.
 */
export function beginFailures(
  store: Store,
  callers: readonly Beginning[],
): Promise<(Noted | Refusal)[]> {
  return commit(store, async ({ tx, now }) => {
    const held = callers.flatMap((caller) => caller.held);
    await holdLatches(
      store,
      tx,
      held.map((subject) => latchOf(store, subject)),
    );
    const read = callers.flatMap((caller) => caller.read);
    const stored = await countFailures(store, tx, [...held, ...read]);
    const noted = new Map<string, number>();
    const counted: Counted = (subject) => {
      const { count, last } = stored(subject);
      const more = noted.get(subject) ?? 0;
      return more === 0 ? { count, last } : { count: count + more, last: now };
    };
    const rows: FailureTable[] = [];
    const outcomes = callers.map(({ decide }): Noted | Refusal => {
      const failure = decide(counted, now);
      if (isRefusal(failure)) return failure;
      const row = rowOf(store, failure, now);
      rows.push(row);
      noted.set(failure.subject, (noted.get(failure.subject) ?? 0) + 1);
      return { ok: true, row };
    });
    await store.engine.insertMany(tx, 'failure', rows);
    return outcomes;
  });
}

/** One of 64 that subjects share: two that share one only wait a moment for each other. */
const latchOf = ({ vault }: Store, subject: string): string =>
  `throttle/${vault.throttleIndex(subject)[0]}`;

/** Takes a failure back: it was none. */
export async function deleteFailure(
  tx: Tx,
  { organisation, subject, at, failure }: FailureTable,
): Promise<void> {
  await tx
    .deleteFrom('failure')
    .where('organisation', '=', organisation)
    .where('subject', '=', subject)
    .where('at', '=', at)
    .where('failure', '=', failure)
    .execute();
}

/** Forgets all failures of the subject of this one. */
export async function forgetFailures(
  tx: Tx,
  { organisation, subject }: Pick<FailureTable, 'organisation' | 'subject'>,
): Promise<void> {
  await tx
    .deleteFrom('failure')
    .where('organisation', '=', organisation)
    .where('subject', '=', subject)
    .execute();
}

function rowOf(
  { organisation, vault, random }: Store,
  { subject, windowMs }: Failure,
  now: Instant,
): FailureTable {
  return {
    organisation,
    subject: vault.throttleIndex(subject),
    at: now,
    failure: Buffer.from(random.bytes(9)).toString('base64url'),
    until: now + windowMs,
  };
}
