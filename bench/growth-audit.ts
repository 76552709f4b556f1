import { type AuditPlace, listAuditAll } from '../src/store/audit-all.ts';
import type { Store } from '../src/store/store.ts';
import { followStretches } from '../src/store/stretch.ts';
import { quantile } from './rush-client.ts';

const rounds = 15;
const nothing = {
  from: undefined,
  until: undefined,
  actor: undefined,
  subject: undefined,
  kind: undefined,
};

export interface AuditTimes {
  /** From a ledger that nobody followed to one in which every event is found by its time. */
  readonly followSeconds: number;
  /** A page of all streams: of the newest events, and of those around random moments; the middle one. */
  readonly auditMs: number;
  readonly auditDeepMs: number;
  /** Whether anything was to be followed, with nothing new. */
  readonly followedMs: number;
}

/** The audit of all streams over a ledger that has grown. */
export async function measureAudit(store: Store): Promise<AuditTimes> {
  const followMs = await time(() => followStretches(store, () => true));
  const { from, until } = await spanOf(store);
  const page = (before: AuditPlace | null) =>
    time(() => listAuditAll(store, { ...nothing, before }));
  const newest: number[] = [];
  const deep: number[] = [];
  const followed: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    newest.push(await page(null));
    const at = Math.round(from + ((until - from) * (round + 0.5)) / rounds);
    deep.push(await page({ at, stream: '~', seq: 0 }));
    followed.push(await time(() => followStretches(store, () => true)));
  }
  return {
    followSeconds: followMs / 1_000,
    auditMs: middle(newest),
    auditDeepMs: middle(deep),
    followedMs: middle(followed),
  };
}

async function spanOf({ engine, organisation }: Store): Promise<{ from: number; until: number }> {
  const row = await engine.read
    .selectFrom('stretch')
    .select(({ fn }) => [
      fn.min<number>('from_at').as('from'),
      fn.max<number>('until_at').as('until'),
    ])
    .where('organisation', '=', organisation)
    .executeTakeFirstOrThrow();
  return { from: Number(row.from), until: Number(row.until) };
}

const middle = (list: readonly number[]): number => quantile(Float64Array.from(list), 0.5);

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
