import type { PersonId } from '../core/brand.ts';
import { peopleStream, type Store } from './store.ts';

/** Somebody whose time is over. */
export interface DuePerson {
  readonly person: PersonId;
  /** Since when: the end of the guest's session, or the deactivation. */
  readonly since: number;
}

const oldestFirst = (left: DuePerson, right: DuePerson) => left.since - right.since;

/** Guests of sessions that ended before the cut-off, oldest first; those who turned out to be somebody are theirs. */
export async function listDueGuests(store: Store, cutoff: number): Promise<DuePerson[]> {
  const rows = await store.engine.read
    .selectFrom('person as p')
    .innerJoin('session as s', (join) =>
      join.onRef('s.organisation', '=', 'p.organisation').onRef('s.session', '=', 'p.guest_of'),
    )
    .select(['p.person', 's.closed_at', 's.ends_at', 's.starts_at'])
    .where('p.organisation', '=', store.organisation)
    .where('p.state', '=', 'active')
    .where('s.state', 'in', ['closed', 'cancelled'])
    .where('s.created_at', '<', cutoff)
    .execute();
  return rows
    .map(({ person, closed_at, ends_at, starts_at }) => ({
      person: person as PersonId,
      since: closed_at ?? ends_at ?? starts_at,
    }))
    .filter(({ since }) => since < cutoff)
    .sort(oldestFirst);
}

/** People who were deactivated before the cut-off and not brought back, oldest first; the held are passed over. */
export async function listDueInactive(
  store: Store,
  cutoff: number,
  held: ReadonlySet<string>,
): Promise<DuePerson[]> {
  const { engine, organisation } = store;
  const rows = await engine.read
    .selectFrom('person')
    .select('person')
    .where('organisation', '=', organisation)
    .where('state', '=', 'inactive')
    .execute();
  const inactive = rows.map(({ person }) => person).filter((person) => !held.has(person));
  if (inactive.length === 0) return [];
  const since = new Map<string, number>();
  const events = await engine.read
    .selectFrom('event')
    .select(['subject', 'received_at'])
    .where('organisation', '=', organisation)
    .where('stream', '=', peopleStream)
    .where('type', '=', 'person.deactivated')
    .orderBy('seq')
    .execute();
  for (const { subject, received_at } of events) {
    if (subject !== null) since.set(subject, received_at);
  }
  return inactive
    .flatMap((person) => {
      const at = since.get(person);
      return at !== undefined && at < cutoff ? [{ person: person as PersonId, since: at }] : [];
    })
    .sort(oldestFirst);
}
