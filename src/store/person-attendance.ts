import type { PersonId, SessionId } from '../core/brand.ts';
import type { RecordState } from '../core/record.ts';
import { padded } from './engine.ts';
import { readRecord } from './record.ts';
import { readSession, type SessionRow } from './session.ts';
import type { Store } from './store.ts';

const chunk = 256;

/**
 * The sessions of these groups and those besides in which a person or one who turned out to be the same was a guest,
 * newest first, with what stands for the person there.
 */
export async function listAttendance(
  store: Store,
  person: PersonId,
  groups: readonly string[],
): Promise<{ session: SessionRow; record: RecordState | null }[]> {
  const { engine, organisation } = store;
  const [ofGroups, guests] = await Promise.all([
    groups.length === 0
      ? []
      : engine.read
          .selectFrom('session')
          .selectAll()
          .where('organisation', '=', organisation)
          .where('group', 'in', padded(groups))
          .execute(),
    engine.read
      .selectFrom('person as p')
      .innerJoin('session as s', (join) =>
        join.onRef('s.organisation', '=', 'p.organisation').onRef('s.session', '=', 'p.guest_of'),
      )
      .selectAll('s')
      .where('p.organisation', '=', organisation)
      .where('p.merged_into', '=', person)
      .execute(),
  ]);
  const sessions = new Map([...ofGroups, ...guests].map((row) => [row.session, row]));
  const ids = [...sessions.keys()];
  const records = new Map<string, RecordState>();
  for (let start = 0; start < ids.length; start += chunk) {
    const rows = await engine.read
      .selectFrom('record')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('session', 'in', padded(ids.slice(start, start + chunk)))
      .where('person', '=', person)
      .execute();
    for (const row of rows) records.set(row.session, readRecord(row));
  }
  return [...sessions.values()]
    .sort((left, right) => right.starts_at - left.starts_at)
    .map((row) => ({
      session: readSession(store, row),
      record: records.get(row.session as SessionId) ?? null,
    }));
}
