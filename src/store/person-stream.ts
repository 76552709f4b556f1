import type { Kysely } from 'kysely';
import type { PersonId, SessionId, StreamName } from '../core/brand.ts';
import { padded } from './engine.ts';
import type { Schema } from './schema.ts';
import {
  groupStream,
  organisationStream,
  peopleStream,
  readsStream,
  type Store,
  sessionStream,
} from './store.ts';

/** Streams that a query names at once. */
const chunk = 256;

/** These people and the guests who turned out to be them. */
export async function withAliases(
  store: Store,
  db: Kysely<Schema>,
  people: readonly PersonId[],
): Promise<PersonId[]> {
  if (people.length === 0) return [];
  const rows = await db
    .selectFrom('person')
    .select('person')
    .where('organisation', '=', store.organisation)
    .where('merged_into', 'in', padded(people))
    .execute();
  return [...new Set([...people, ...rows.map(({ person }) => person as PersonId)])];
}

/**
 * The streams that events about these people can be in, in pieces: their groups with all sessions, whose guests they
 * were, and what concerns everybody. Events have no index of whom they are about, and a ledger is far longer than what
 * a person has to do with. Enrolments stay for ever, and whoever is enrolled nowhere can only be a guest.
 */
export async function listPersonStreams(
  store: Store,
  db: Kysely<Schema>,
  people: readonly PersonId[],
): Promise<StreamName[][]> {
  const { organisation } = store;
  const merged = await db
    .selectFrom('person')
    .select('merged_into')
    .where('organisation', '=', organisation)
    .where('person', 'in', padded(people))
    .where('merged_into', 'is not', null)
    .execute();
  // whoever was merged has given their enrolments away
  const bearers = [...people, ...merged.map(({ merged_into }) => merged_into as PersonId)];
  const [enrolments, guests] = await Promise.all([
    db
      .selectFrom('enrolment')
      .select('group')
      .distinct()
      .where('organisation', '=', organisation)
      .where('person', 'in', padded(bearers))
      .execute(),
    db
      .selectFrom('person')
      .select('guest_of')
      .where('organisation', '=', organisation)
      .where('person', 'in', padded(people))
      .where('guest_of', 'is not', null)
      .execute(),
  ]);
  const groups = enrolments.map(({ group }) => group);
  const sessions =
    groups.length === 0
      ? []
      : await db
          .selectFrom('session')
          .select('session')
          .where('organisation', '=', organisation)
          .where('group', 'in', padded(groups))
          .execute();
  const streams = new Set<StreamName>([
    organisationStream,
    peopleStream,
    readsStream,
    ...groups.map(groupStream),
    ...sessions.map(({ session }) => sessionStream(session as SessionId)),
    ...guests.map(({ guest_of }) => sessionStream(guest_of as SessionId)),
  ]);
  const list = [...streams];
  return Array.from({ length: Math.ceil(list.length / chunk) }, (_, index) =>
    list.slice(index * chunk, (index + 1) * chunk),
  );
}
