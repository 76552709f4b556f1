import type { GroupId, Instant, LocalDate, PersonId, SessionId } from '../src/core/brand.ts';
import { makeId } from '../src/core/id.ts';
import { localDate } from '../src/core/local-time.ts';
import type { RecordState } from '../src/core/record.ts';
import { defaultSettings } from '../src/core/session.ts';
import { makeTicketId } from '../src/core/ticket.ts';
import { setEnrolments } from '../src/store/enrolment.ts';
import { sealGroupName } from '../src/store/group-name.ts';
import { commit, type EventDraft, type Writing } from '../src/store/ledger.ts';
import { insertPeople } from '../src/store/person.ts';
import type { AttemptTable, ClaimTable } from '../src/store/schema.ts';
import { sessionRow } from '../src/store/session.ts';
import { type Store, sessionStream } from '../src/store/store.ts';

/** People of one class. */
export const classSize = 300;
/** Sessions of one class: a term. */
const termSessions = 30;
/** Of a session's people, those whom its closing marks as absent. */
const absent = 24;
const halfWeekMs = 3.5 * 24 * 3_600_000;
/** Events of one transaction: many, so that a large ledger is there soon. */
const sessionsAtOnce = 8;
const zone = 'Europe/Berlin';

/** Adding and enrolling each, and for each session its opening, its closing and one event for each person. */
const eventsOfClass = classSize * 2 + termSessions * (classSize + 2);

interface Member {
  readonly person: PersonId;
  readonly number: string;
  readonly key: Uint8Array;
}

interface Class {
  readonly group: GroupId;
  readonly members: readonly Member[];
}

export const numberInClass = (group: number, index: number): string =>
  `C${String(group).padStart(4, '0')}-${String(index).padStart(3, '0')}`;

/**
 * Fills an empty ledger with a term of as many classes as come nearest to so many events: real chains, sealed
 * payloads, records, attempts and claims, by the same functions that serve, only more of them in one transaction.
 * Sessions of all classes follow each other as in a term.
 * @returns how many events there are
 */
export async function seedLedger(
  opened: Store,
  events: number,
  tell: (done: number) => void,
): Promise<number> {
  const term = new Term(opened);
  const classes: Class[] = [];
  const count = Math.max(1, Math.round(events / eventsOfClass));
  for (let index = 0; index < count; index += 1) {
    classes.push(await term.addClass(index));
    tell((index + 1) * classSize * 2);
  }
  let done = count * classSize * 2;
  for (let session = 0; session < termSessions; session += 1) {
    for (let first = 0; first < count; first += sessionsAtOnce) {
      const some = classes.slice(first, first + sessionsAtOnce);
      await term.holdSessions(session, some);
      done += some.length * (classSize + 2);
      tell(done);
    }
  }
  return done;
}

/** Writes a term that ended an hour ago, on a clock of its own. */
class Term {
  readonly #store: Store;
  readonly #start = (Date.now() - termSessions * halfWeekMs - 3_600_000) as Instant;
  #now = this.#start;

  constructor(store: Store) {
    this.#store = { ...store, clock: { now: () => this.#now }, wake: () => {} };
  }

  addClass(index: number): Promise<Class> {
    const store = this.#store;
    const { organisation, engine, vault, random } = store;
    return commit(store, async (writing) => {
      const group = makeId<GroupId>(writing.now, random);
      const sealed = sealGroupName(store, group, `Class ${index}`);
      const row = { organisation, group, sealed, settings: '{}', archived: 0 };
      await engine.insertMany(writing.tx, 'group', [{ ...row, created_at: writing.now }]);
      const numbers = Array.from({ length: classSize }, (_, place) => numberInClass(index, place));
      const people = await insertPeople(
        store,
        writing,
        'operator',
        numbers.map((number) => ({ number, name: `Person ${number}`, email: null })),
      );
      const after = { from: localDate(this.#start, zone) as LocalDate, until: null };
      const changes = people.map((person) => ({ person, before: null, after }));
      await setEnrolments(store, writing, 'operator', group, changes);
      const members = people.map((person, place) => ({
        person,
        number: numbers[place] as string,
        key: vault.heldKey(person) as Uint8Array,
      }));
      return { group, members };
    });
  }

  /** The same session of the term for some classes, in one transaction. */
  async holdSessions(session: number, classes: readonly Class[]): Promise<void> {
    this.#now = (this.#start + (session + 1) * halfWeekMs) as Instant;
    await commit(this.#store, async (writing) => {
      await Promise.all(classes.map((some) => this.#hold(writing, some)));
    });
  }

  async #hold(writing: Writing, { group, members }: Class): Promise<void> {
    const store = this.#store;
    const { organisation, engine, random } = store;
    const { now, tx } = writing;
    const id = makeId<SessionId>(now, random);
    const stream = sessionStream(id);
    const date = localDate(now, zone) as LocalDate;
    const session = {
      ...defaultSettings,
      id,
      group,
      state: 'closed' as const,
      startsAt: now,
      endsAt: null,
      closedAt: now,
      date,
      codeEpoch: 1,
      paused: false,
      code: null,
      title: 'Lecture',
      cancelReason: null,
      origin: null,
      createdBy: 'operator',
    };
    const attempts: AttemptTable[] = [];
    const claims: ClaimTable[] = [];
    const opening: EventDraft = {
      stream,
      type: 'session.opened',
      occurredAt: now,
      actor: 'operator',
      subject: null,
      facts: { group, startsAt: now, endsAt: null, date, lateAfterMinutes: 5 },
      data: { title: session.title },
    };
    const present: RecordState = {
      status: 'present',
      at: now,
      minutesLate: 0,
      how: 'code',
      pending: false,
    };
    // others are absent each time
    const away = Math.floor((random.bytes(1)[0] as number) % (classSize / absent)) * absent;
    const [came, missing] = [members.toSpliced(away, absent), members.slice(away, away + absent)];
    const arrivals = came.map(({ person, number, key }, index): EventDraft => {
      const browser = makeTicketId(now, random);
      const attempt = makeId<string>(now, random);
      attempts.push({
        organisation,
        ticket: makeTicketId(now, random),
        attempt,
        browser,
        body_digest: Buffer.from(random.bytes(32)).toString('base64url'),
        session: id,
        person,
        seq: index + 2,
      });
      claims.push({ organisation, session: id, browser, person, at: now, via: 'code' });
      return {
        stream,
        type: 'check-in',
        occurredAt: now,
        actor: 'phone',
        subject: person,
        facts: { via: 'code' },
        record: present,
        key,
        data: {
          number,
          name: `Person ${number}`,
          attempt,
          browser,
          slot: 0,
          ageMs: 0,
          address: '192.0.2.1',
        },
      };
    });
    const closing: EventDraft = {
      stream,
      type: 'session.closed',
      occurredAt: now,
      actor: 'operator',
      subject: null,
    };
    const absences = missing.map(
      ({ person }): EventDraft => ({
        stream,
        type: 'absence',
        occurredAt: now,
        actor: 'job',
        subject: person,
        record: { status: 'absent', at: null, minutesLate: 0, how: 'closing', pending: false },
      }),
    );
    await Promise.all([
      engine.insertMany(tx, 'session', [sessionRow(store, session, now)]),
      engine.insertMany(tx, 'attempt', attempts),
      engine.insertMany(tx, 'claim', claims),
      writing.append([opening, ...arrivals, closing, ...absences]),
    ]);
  }
}
