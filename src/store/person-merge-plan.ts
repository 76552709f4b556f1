import type { Kysely } from 'kysely';
import type { GroupId, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import type { Enrolment } from '../core/enrolment.ts';
import type { Identity } from '../core/identity.ts';
import { mergeIdentities } from '../core/person-merge.ts';
import { mergeRecords, type RecordState } from '../core/record.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { padded } from './engine.ts';
import { isHeld } from './held.ts';
import { loadPeople, type PersonRow } from './person.ts';
import { readRecord } from './record.ts';
import type { Schema, SessionTable } from './schema.ts';
import type { Store } from './store.ts';

const chunk = 256;

/** Two people of the organisation who are one: the first goes, the second stays. */
export interface MergeOrder {
  readonly from: PersonId;
  readonly into: PersonId;
  /** Fields whose value comes from the one who goes. */
  readonly take: ReadonlySet<string>;
}

export interface MergePlan {
  readonly from: PersonRow;
  readonly into: PersonRow;
  readonly identity: Identity;
  /** Groups of the one who goes; `before` is what the one who stays has there. */
  readonly groups: readonly {
    readonly group: GroupId;
    readonly before: Enrolment | null;
    readonly after: Enrolment;
  }[];
  /** Sessions of these groups. */
  readonly sessions: readonly SessionTable[];
  /** Records that move, by session. */
  readonly records: readonly {
    readonly session: SessionTable;
    readonly from: RecordState;
    readonly into: RecordState | null;
    readonly result: RecordState;
  }[];
}

/** What a merge does. Refuses `not-found`, `input-invalid` for one and the same, `person-inactive`, `person-held`. */
export async function planMerge(
  store: Store,
  db: Kysely<Schema>,
  { from: fromId, into: intoId, take }: MergeOrder,
): Promise<({ ok: true } & MergePlan) | Refusal> {
  if (fromId === intoId) return refuse('input-invalid', { field: 'into' });
  const people = await loadPeople(store, db, { person: [fromId, intoId] });
  const from = people.find(({ person, row }) => person === fromId && row.guest_of === null);
  const into = people.find(({ person, row }) => person === intoId && row.guest_of === null);
  if (!from || !into) return refuse('not-found');
  if (into.row.state === 'inactive') return refuse('person-inactive');
  if (await isHeld(store, db, fromId)) return refuse('person-held');
  const groups = await planEnrolments(store, db, fromId, intoId);
  const sessions = await listSessionsOf(
    store,
    db,
    groups.map(({ group }) => group),
  );
  const records = await planRecords(store, db, sessions, fromId, intoId);
  const identity = mergeIdentities(from, into, take);
  return { ok: true, from, into, identity, groups, sessions, records };
}

async function planEnrolments(
  { organisation }: Store,
  db: Kysely<Schema>,
  from: PersonId,
  into: PersonId,
): Promise<MergePlan['groups']> {
  const rows = await db
    .selectFrom('enrolment')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('person', 'in', [from, into])
    .execute();
  const read = (row: (typeof rows)[number]): Enrolment => ({
    from: row.from_date as LocalDate,
    until: row.until_date as LocalDate | null,
  });
  return rows
    .filter(({ person }) => person === from)
    .map((row) => {
      const same = rows.find(({ person, group }) => person === into && group === row.group);
      const before = same ? read(same) : null;
      const after = before ? widen(before, read(row)) : read(row);
      return { group: row.group as GroupId, before, after };
    });
}

/** Enrolled whenever either was. */
function widen(left: Enrolment, right: Enrolment): Enrolment {
  const [first] = [left, right].sort((one, other) => (one.from < other.from ? -1 : 1));
  const ends = [left, right].flatMap(({ until }) => until ?? []).sort();
  return {
    from: (first ?? left).from,
    until: ends.length < 2 ? null : (ends.at(-1) ?? null),
  };
}

async function listSessionsOf(
  { organisation }: Store,
  db: Kysely<Schema>,
  groups: readonly string[],
): Promise<SessionTable[]> {
  if (groups.length === 0) return [];
  return db
    .selectFrom('session')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('group', 'in', padded(groups))
    .orderBy('starts_at')
    .execute();
}

async function planRecords(
  { organisation }: Store,
  db: Kysely<Schema>,
  sessions: readonly SessionTable[],
  from: PersonId,
  into: PersonId,
): Promise<MergePlan['records']> {
  const records: MergePlan['records'][number][] = [];
  for (let start = 0; start < sessions.length; start += chunk) {
    const some = sessions.slice(start, start + chunk);
    const rows = await db
      .selectFrom('record')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('session', 'in', padded(some.map(({ session }) => session)))
      .where('person', 'in', [from, into])
      .execute();
    const of = (session: string, person: PersonId): RecordState | null => {
      const row = rows.find((one) => one.session === session && one.person === person);
      return row ? readRecord(row) : null;
    };
    for (const session of some) {
      const theirs = of(session.session as SessionId, from);
      if (!theirs) continue;
      const ours = of(session.session as SessionId, into);
      const result = ours ? mergeRecords(ours, theirs) : theirs;
      records.push({ session, from: theirs, into: ours, result });
    }
  }
  return records;
}
