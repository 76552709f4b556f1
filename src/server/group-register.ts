import type { GroupId, PersonId } from '../core/brand.ts';
import type { Enrolment } from '../core/enrolment.ts';
import type { GroupRegister } from '../core/group.wire.ts';
import { deriveMark } from '../core/group-register.ts';
import { localMinute } from '../core/local-time.ts';
import { deriveRate, type Rate } from '../core/rate.ts';
import type { RecordState } from '../core/record.ts';
import type { Known } from '../store/directory.ts';
import { listEnrolments } from '../store/enrolment.ts';
import { listRecords } from '../store/group-record.ts';
import { listSessions, type SessionRow } from '../store/session.ts';
import type { App } from './app.ts';
import { Pace } from './pace.ts';

/** One person of a group against its sessions. */
export interface GroupMember {
  readonly known: Known;
  readonly enrolment: Enrolment;
  /** One per session, in their order. */
  readonly records: readonly (RecordState | null)[];
  readonly rate: Rate;
}

export interface GroupSheet {
  /** Oldest first. */
  readonly sessions: readonly SessionRow[];
  /** By name. */
  readonly members: readonly GroupMember[];
}

/** Everybody who was ever enrolled, with what stands for them in every session, and their rates. */
export async function loadGroupSheet(app: App, group: GroupId): Promise<GroupSheet> {
  const { store, directory } = app;
  const pace = new Pace();
  const [enrolments, newest] = await Promise.all([
    listEnrolments(store, group),
    listSessions(store, { group, limit: 100_000 }),
  ]);
  const sessions = newest.toReversed();
  const known = await directory.get(enrolments.keys());
  const place = new Map(sessions.map(({ id }, index) => [id, index]));
  const records = new Map<PersonId, (RecordState | null)[]>();
  for (const person of enrolments.keys())
    records.set(
      person,
      sessions.map(() => null),
    );
  const ids = sessions.map(({ id }) => id);
  for await (const rows of listRecords(store, ids, enrolments.size)) {
    for (const { session, person, record } of rows) {
      const list = records.get(person);
      if (list) list[place.get(session) as number] = record;
    }
    await pace.breathe();
  }
  const members: GroupMember[] = [];
  for (const [person, enrolment] of enrolments) {
    const who = known.get(person);
    const list = records.get(person) ?? [];
    if (!who) continue;
    const entries = sessions.map(({ date, state }, index) => ({
      date,
      state,
      record: list[index] ?? null,
    }));
    members.push({ known: who, enrolment, records: list, rate: deriveRate(entries, enrolment) });
    await pace.breathe();
  }
  return { sessions, members: members.sort(byName(app.settings.current.language)) };
}

function byName(language: string): (left: GroupMember, right: GroupMember) => number {
  // plain comparing is many times faster than numeric: 10,000 names must not hold up a check-in
  const names = new Intl.Collator(language);
  const numbers = new Intl.Collator(language, { numeric: true });
  return (left, right) =>
    names.compare(left.known.name, right.known.name) ||
    numbers.compare(left.known.number ?? '', right.known.number ?? '');
}

/** GET /api/groups/:group/register */
export async function presentRegister(app: App, group: GroupId): Promise<GroupRegister> {
  const { zone } = app.settings.current;
  const pace = new Pace();
  const { sessions, members } = await loadGroupSheet(app, group);
  const people: GroupRegister['people'][number][] = [];
  for (const { known, enrolment, records, rate } of members) {
    people.push({
      person: known.id,
      number: known.number ?? '',
      name: known.name,
      rate,
      marks: sessions.map((session, index) =>
        deriveMark(session, records[index] ?? null, enrolment),
      ),
    });
    await pace.breathe();
  }
  return {
    group,
    sessions: sessions.map(({ id, title, date, startsAt, state }) => ({
      id,
      title,
      date,
      time: localMinute(startsAt, zone),
      state,
    })),
    people,
  };
}
