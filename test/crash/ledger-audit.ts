import type { SessionId } from '../../src/core/brand.ts';
import { type HistoryEvent, loadSessionHistory } from '../../src/store/history.ts';
import { rebuildRecords } from '../../src/store/rebuild.ts';
import type { RecordTable } from '../../src/store/schema.ts';
import type { Store } from '../../src/store/store.ts';
import { finish, verifyLedger } from '../../src/store/verify.ts';

/** A check-in as the ledger tells it. */
export interface CheckedIn {
  readonly attempt: string;
  readonly number: string;
  readonly name: string;
  readonly event: HistoryEvent;
  /** What stands for the person, if anything does. */
  readonly record: RecordTable | undefined;
}

/** Every event by which somebody came, opened with the person's key. */
export async function listCheckIns(
  store: Store,
  sessions: readonly SessionId[],
): Promise<CheckedIn[]> {
  const found: CheckedIn[] = [];
  for (const session of sessions) {
    const rows = await store.engine.read
      .selectFrom('record')
      .selectAll()
      .where('session', '=', session)
      .execute();
    const records = new Map(rows.map((row) => [row.person, row]));
    for (const event of await loadSessionHistory(store, session)) {
      if (!event.type.startsWith('check-in')) continue;
      const { attempt, number, name } = event.data as Record<'attempt' | 'number' | 'name', string>;
      found.push({ attempt, number, name, event, record: records.get(event.subject ?? '') });
    }
  }
  return found;
}

/** All that is wrong with the ledger and with what was derived from it; nothing is expected. */
export async function listFaults(store: Store): Promise<unknown[]> {
  const { faults } = await finish(verifyLedger(store));
  const { differences } = await rebuildRecords(store, 'operator');
  return [...faults, ...differences];
}
