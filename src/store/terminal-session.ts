import type { LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { isEnrolled } from '../core/enrolment.ts';
import { loadSession, readSession, type SessionRow } from './session.ts';
import type { Store } from './store.ts';

/** The session of an attempt that was made before, so that its repeat gets the same answer; null for a new one. */
export async function findSessionOfAttempt(
  store: Store,
  attempt: string,
): Promise<SessionRow | null> {
  const row = await store.engine.read
    .selectFrom('attempt')
    .select('session')
    .where('organisation', '=', store.organisation)
    .where('attempt', '=', attempt)
    .executeTakeFirst();
  return row ? loadSession(store, store.engine.read, row.session as SessionId) : null;
}

/** Groups of one person whose sessions are looked through. */
const most = 20;

/**
 * The session that somebody who checks in at `at` means: of those of their groups that were open then, the one that
 * began last and in which they are not in yet. Null where none was open.
 */
export async function findSessionOf(
  store: Store,
  person: PersonId,
  at: number,
): Promise<SessionRow | null> {
  const { engine, organisation } = store;
  const rows = await engine.read
    .selectFrom('session as s')
    .innerJoin('enrolment as e', (join) =>
      join.onRef('e.organisation', '=', 's.organisation').onRef('e.group', '=', 's.group'),
    )
    .selectAll('s')
    .select(['e.from_date', 'e.until_date'])
    .where('s.organisation', '=', organisation)
    .where('e.person', '=', person)
    .where('s.state', 'in', ['open', 'closed'])
    .where('s.starts_at', '<=', at)
    .where((is) => is.or([is('s.closed_at', 'is', null), is('s.closed_at', '>=', at)]))
    .orderBy('s.starts_at', 'desc')
    .orderBy('s.session', 'desc')
    .limit(most)
    .execute();
  const open = rows.filter(({ date, from_date, until_date }) =>
    isEnrolled(
      { from: from_date as LocalDate, until: until_date as LocalDate | null },
      date as LocalDate,
    ),
  );
  const [newest] = open;
  if (!newest) return null;
  const standing = await engine.read
    .selectFrom('record')
    .select(['session', 'status', 'how'])
    .where('organisation', '=', organisation)
    .where('person', '=', person)
    .where(
      'session',
      'in',
      open.map(({ session }) => session),
    )
    .execute();
  const isIn = new Set(
    standing
      .filter(({ status, how }) => status !== null && how !== 'closing')
      .map(({ session }) => session),
  );
  return readSession(store, open.find(({ session }) => !isIn.has(session)) ?? newest);
}
