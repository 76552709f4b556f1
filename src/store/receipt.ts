import type { Instant, SessionId } from '../core/brand.ts';
import type { RecordState } from '../core/record.ts';
import { readRecord } from './record.ts';
import type { AttemptTable } from './schema.ts';
import { loadSession, type SessionRow } from './session.ts';
import { type Store, sessionStream } from './store.ts';

/**
 * What an attempt's claim is worth now: the person's record while the claim stands, no record where the host has
 * dropped it.
 */
export async function loadStanding(
  store: Store,
  attempt: AttemptTable,
): Promise<{
  session: SessionRow;
  record: RecordState | null;
  claimedAt: Instant | null;
  proof: string;
} | null> {
  const { engine, organisation } = store;
  const session = await loadSession(store, engine.read, attempt.session as SessionId);
  if (!session) return null;
  const [claim, record, event] = await Promise.all([
    engine.read
      .selectFrom('claim')
      .select('person')
      .where('organisation', '=', organisation)
      .where('session', '=', attempt.session)
      .where('browser', '=', attempt.browser)
      .executeTakeFirst(),
    engine.read
      .selectFrom('record')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('session', '=', attempt.session)
      .where('person', '=', attempt.person)
      .executeTakeFirst(),
    engine.read
      .selectFrom('event')
      .select(['hash', 'occurred_at'])
      .where('organisation', '=', organisation)
      .where('stream', '=', sessionStream(session.id))
      .where('seq', '=', attempt.seq)
      .executeTakeFirst(),
  ]);
  const stands = claim?.person === attempt.person && record;
  return {
    session,
    record: stands ? readRecord(record) : null,
    claimedAt: (event?.occurred_at as Instant | undefined) ?? null,
    proof: event?.hash.slice(0, 10) ?? '',
  };
}
