import type { Instant } from '../core/brand.ts';
import { noData } from '../core/ledger.ts';
import { type EventKind, findRun, kindOfEvent } from '../core/retention.ts';
import { listRuns, type StoredRun } from './retention-run.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';

/** By which rule, and when, an event's sealed data were destroyed. */
export interface Destroyed {
  readonly rule: EventKind;
  readonly at: Instant;
}

type Row = Pick<EventTable, 'type' | 'received_at' | 'payload' | 'digest'>;

/** For each event, in order, by which rule its sealed data went; null where they are there, or went otherwise. */
export async function traceDestroyed(
  store: Store,
  rows: readonly Row[],
): Promise<(Destroyed | null)[]> {
  const isGone = ({ payload, digest }: Row) => payload === null && digest !== noData;
  const runs = rows.some(isGone) ? await listRuns(store) : [];
  return rows.map((row) => (isGone(row) ? trace(runs, row) : null));
}

function trace(runs: readonly StoredRun[], { type, received_at }: Row): Destroyed | null {
  const rule = kindOfEvent(type);
  const run = findRun(runs, { type, receivedAt: received_at as Instant });
  return rule && run ? { rule, at: run.at } : null;
}
