import type { Kysely } from 'kysely';
import type { GroupId, Instant, LocalDate, PersonId } from '../core/brand.ts';
import type { Enrolment } from '../core/enrolment.ts';
import { padded } from './engine.ts';
import type { EventDraft, Writing } from './ledger.ts';
import type { Schema } from './schema.ts';
import { groupStream, type Store } from './store.ts';

/** Everybody who was ever enrolled in the group, with their dates. */
export async function listEnrolments(
  store: Store,
  group: GroupId,
): Promise<Map<PersonId, Enrolment>> {
  const rows = await store.engine.read
    .selectFrom('enrolment')
    .select(['person', 'from_date', 'until_date'])
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .execute();
  return toMap(rows);
}

/** The enrolments of some people in a group; one who is not enrolled is left out. */
export async function loadEnrolments(
  store: Store,
  db: Kysely<Schema>,
  group: GroupId,
  people: readonly string[],
): Promise<Map<PersonId, Enrolment>> {
  if (people.length === 0) return new Map();
  const rows = await db
    .selectFrom('enrolment')
    .select(['person', 'from_date', 'until_date'])
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .where('person', 'in', padded(people))
    .execute();
  return toMap(rows);
}

interface EnrolmentChange {
  readonly person: PersonId;
  readonly before: Enrolment | null;
  readonly after: Enrolment;
}

/** Sets enrolments: `enrolment.added`, `enrolment.changed`, or `enrolment.ended` where only the end comes. */
export async function setEnrolments(
  store: Store,
  { tx, now, append }: Writing,
  actor: string,
  group: GroupId,
  changes: readonly EnrolmentChange[],
): Promise<void> {
  const { organisation, engine } = store;
  await Promise.all([
    engine.upsertMany(
      tx,
      'enrolment',
      ['organisation', 'group', 'person'],
      changes.map(({ person, after }) => ({
        organisation,
        group,
        person,
        from_date: after.from,
        until_date: after.until,
      })),
    ),
    append(changes.map((change) => draft(group, actor, now, change))),
  ]);
}

function draft(
  group: GroupId,
  actor: string,
  now: Instant,
  { person, before, after }: EnrolmentChange,
): EventDraft {
  const ends = before !== null && before.until === null && after.until !== null;
  return {
    stream: groupStream(group),
    type: before === null ? 'enrolment.added' : ends ? 'enrolment.ended' : 'enrolment.changed',
    occurredAt: now,
    actor,
    subject: person,
    facts: { from: after.from, until: after.until, ...(before === null ? {} : { before }) },
  };
}

function toMap(
  rows: readonly { person: string; from_date: string; until_date: string | null }[],
): Map<PersonId, Enrolment> {
  return new Map(
    rows.map(({ person, from_date, until_date }) => [
      person as PersonId,
      { from: from_date as LocalDate, until: until_date as LocalDate | null },
    ]),
  );
}
