import type { PersonId, SessionId } from '../core/brand.ts';
import type { RecordState } from '../core/record.ts';
import { padded } from './engine.ts';
import { readRecord } from './record.ts';
import type { Store } from './store.ts';

/** Rows of one answer: more would hold the caller's thread for longer than a check-in should wait. */
const rowsAtOnce = 2_000;

/** What stands in these sessions, by session and person, read in pieces. `people` is how many a session has. */
export async function* listRecords(
  { engine, organisation }: Store,
  sessions: readonly SessionId[],
  people: number,
): AsyncGenerator<{ session: SessionId; person: PersonId; record: RecordState }[]> {
  const chunk = Math.max(1, Math.floor(rowsAtOnce / Math.max(1, people)));
  for (let start = 0; start < sessions.length; start += chunk) {
    const rows = await engine.read
      .selectFrom('record')
      .select(['session', 'person', 'status', 'at', 'minutes_late', 'how', 'pending'])
      .where('organisation', '=', organisation)
      .where('session', 'in', padded(sessions.slice(start, start + chunk)))
      .execute();
    yield rows.map((row) => ({
      session: row.session as SessionId,
      person: row.person as PersonId,
      record: readRecord(row),
    }));
  }
}
