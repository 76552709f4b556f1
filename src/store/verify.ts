import type { SessionId, StreamName } from '../core/brand.ts';
import type { LedgerFault } from './ledger-fault.ts';
import { type Store, sessionStream } from './store.ts';
import { listStreams } from './stream-walk.ts';
import { PayloadCheck } from './verify-payload.ts';
import { RetentionCheck } from './verify-retention.ts';
import { StreamCheck, type Tally } from './verify-stream.ts';

/** How far a walk has come. */
export interface VerifyProgress {
  readonly streams: number;
  readonly ofStreams: number;
  readonly events: number;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly streams: number;
  readonly events: number;
  /** Payloads that opened and are what was hashed. */
  readonly payloads: number;
  /** Payloads of erased people, which nobody can open any more. */
  readonly destroyed: number;
  /** Payloads that went by a rule of retention, as events say. */
  readonly retired: number;
  /** Stored records that were compared with the events. */
  readonly records: number;
  /** In order of streams, then as they were met; those of retention and holds last. At most 1,000. */
  readonly faults: readonly LedgerFault[];
}

const maxFaults = 1_000;

/**
 * Walks the whole ledger: chains and heads, that every payload opens and is the one that was hashed or went by the rules
 * of its time, that the stored records and legal holds are what the events say. Others may write meanwhile. Yields after
 * every page.
 * @param chainsOnly only chains and heads
 */
export async function* verifyLedger(
  store: Store,
  { chainsOnly = false }: { chainsOnly?: boolean } = {},
): AsyncGenerator<VerifyProgress, VerifyReport> {
  const retention = new RetentionCheck(store);
  const payloads = chainsOnly ? null : new PayloadCheck(store, retention);
  const streams = new Set(await listStreams(store, store.engine.read));
  if (!chainsOnly) for (const stream of await listRecordStreams(store)) streams.add(stream);
  const tally: Tally = { events: 0, payloads: 0, destroyed: 0, retired: 0, records: 0 };
  const faults: LedgerFault[] = [];
  const blame = (found: readonly LedgerFault[]) =>
    faults.push(...found.slice(0, maxFaults - faults.length));
  let done = 0;
  for (const stream of streams) {
    const check = new StreamCheck(store, stream, payloads, tally);
    const walk = check.walk();
    while (!(await walk.next()).done) {
      yield { streams: done, ofStreams: streams.size, events: tally.events };
    }
    blame(check.faults);
    done += 1;
  }
  if (!chainsOnly) blame(await retention.listFaults());
  return { ok: faults.length === 0, streams: streams.size, ...tally, faults };
}

/** Runs a walk to its end, telling the progress. */
export async function finish<Progress, Result>(
  walk: AsyncGenerator<Progress, Result>,
  tell: (progress: Progress) => void = () => {},
): Promise<Result> {
  for (;;) {
    const step = await walk.next();
    if (step.done) return step.value;
    tell(step.value);
  }
}

/** The streams of sessions that have a record, even one without any event. */
async function listRecordStreams({ engine, organisation }: Store): Promise<StreamName[]> {
  const rows = await engine.read
    .selectFrom('record')
    .select('session')
    .distinct()
    .where('organisation', '=', organisation)
    .execute();
  return rows.map(({ session }) => sessionStream(session as SessionId));
}
