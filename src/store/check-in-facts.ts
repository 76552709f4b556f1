import type { LocalDate, PersonId, SessionId } from '../core/brand.ts';
import type { Enrolment } from '../core/enrolment.ts';
import type { RecordState } from '../core/record.ts';
import type { PreparedAttempt } from './check-in-attempt.ts';
import { padded, type Tx } from './engine.ts';
import { readRecord } from './record.ts';
import type { AttemptTable, ClaimTable, SessionTable } from './schema.ts';
import { readSession, type SessionRow } from './session.ts';
import type { Store } from './store.ts';

/** Somebody an attempt can be about: enrolled in the session's group, or a guest of the session. */
export interface KnownPerson {
  readonly person: PersonId;
  readonly key: Uint8Array;
  readonly index: string;
  readonly number: string;
  readonly name: string;
  readonly guest: boolean;
  /** Whoever is deactivated is nobody's guest either. */
  readonly active: boolean;
  readonly session: SessionId | null;
  readonly enrolment: Enrolment | null;
}

/** All that a batch of attempts is decided on; it moves along while the batch is decided. Keys are `session/...`. */
export interface Batch {
  readonly sessions: Map<string, SessionRow>;
  readonly attempts: Map<string, AttemptTable>;
  /** The same rows by ticket. */
  readonly tickets: Map<string, AttemptTable>;
  /** By blind index. */
  readonly people: Map<string, KnownPerson>;
  readonly records: Map<string, { record: RecordState; proof: string }>;
  readonly claims: Map<string, ClaimTable[]>;
  readonly browserClaims: Map<string, ClaimTable>;
  /** Whom an attempt of this batch names by its number. */
  find(session: SessionRow, number: string): KnownPerson | null;
}

const unique = <T>(values: readonly T[]): T[] => padded([...new Set(values)]);

/** Set-based reads in two rounds, whatever the number of attempts and sessions. */
export async function loadCheckInFacts(
  store: Store,
  tx: Tx,
  inputs: readonly PreparedAttempt[],
): Promise<Batch> {
  const { organisation, vault } = store;
  const sessionIds = unique(inputs.map(({ ticket }) => ticket.session));
  const indexOf = new Map<string, { readonly person: string; readonly guest: string }>();
  for (const { number, ticket } of inputs) {
    const person = vault.numberIndex(number);
    const guest = vault.guestIndex(ticket.session, number);
    indexOf.set(`${ticket.session}/${number}`, { person, guest });
  }
  const indexes = [...indexOf.values()].flatMap(({ person, guest }) => [person, guest]);
  const [sessionRows, attemptRows, peopleRows, browserRows] = await Promise.all([
    tx
      .selectFrom('session')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('session', 'in', sessionIds)
      .execute(),
    loadAttempts(store, tx, inputs),
    loadPeople(store, tx, unique(indexes)),
    tx
      .selectFrom('claim')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('session', 'in', sessionIds)
      .where('browser', 'in', unique(inputs.map(({ ticket }) => ticket.browser)))
      .execute(),
  ]);
  const personIds = new Set<string>([...peopleRows.values()].map(({ person }) => person));
  for (const { person } of attemptRows) personIds.add(person);
  const people = [...personIds];
  const [{ records, claims }, enrolments] = await Promise.all([
    loadStanding(store, tx, sessionIds, people),
    loadEnrolments(store, tx, sessionRows, people),
  ]);
  const sessions = new Map(sessionRows.map((row) => [row.session, readSession(store, row)]));
  return {
    sessions,
    attempts: new Map(attemptRows.map((row) => [row.attempt, row])),
    tickets: new Map(attemptRows.map((row) => [row.ticket, row])),
    people: peopleRows,
    records,
    claims,
    browserClaims: new Map(browserRows.map((row) => [`${row.session}/${row.browser}`, row])),
    find(session, number) {
      const index = indexOf.get(`${session.id}/${number}`);
      const guest = peopleRows.get(index?.guest ?? '');
      if (session.group === null) return guest ?? null;
      const person = peopleRows.get(index?.person ?? '');
      const enrolment = person && enrolments.get(`${session.group}/${person.person}`);
      return enrolment ? { ...person, enrolment } : (guest ?? null);
    },
  };
}

async function loadAttempts(
  store: Store,
  tx: Tx,
  inputs: readonly PreparedAttempt[],
): Promise<AttemptTable[]> {
  const by = (column: 'attempt' | 'ticket', values: string[]) =>
    tx
      .selectFrom('attempt')
      .selectAll()
      .where('organisation', '=', store.organisation)
      .where(column, 'in', unique(values))
      .execute();
  const [byAttempt, byTicket] = await Promise.all([
    by(
      'attempt',
      inputs.map(({ attempt }) => attempt),
    ),
    by(
      'ticket',
      inputs.map(({ ticket }) => ticket.id),
    ),
  ]);
  return [...byAttempt, ...byTicket];
}

async function loadPeople(
  store: Store,
  tx: Tx,
  indexes: string[],
): Promise<Map<string, KnownPerson>> {
  const rows = await tx
    .selectFrom('person as p')
    .innerJoin('person_key as k', (join) =>
      join.onRef('k.organisation', '=', 'p.organisation').onRef('k.person', '=', 'p.person'),
    )
    .select([
      'p.person',
      'p.number_index',
      'p.guest_of',
      'p.state',
      'p.sealed',
      'k.epoch',
      'k.wrapped',
    ])
    .where('p.organisation', '=', store.organisation)
    .where('p.number_index', 'in', indexes)
    .where('p.state', 'in', ['active', 'inactive'])
    .execute();
  const people = new Map<string, KnownPerson>();
  for (const row of rows) {
    if (!row.sealed || !row.number_index) continue;
    const key = store.vault.personKey(row.person, { epoch: row.epoch, wrapped: row.wrapped });
    const { number, name } = store.vault.openPerson(row.person, key, row.sealed);
    people.set(row.number_index, {
      person: row.person as PersonId,
      key,
      index: row.number_index,
      number: number ?? '',
      name,
      guest: row.guest_of !== null,
      active: row.state === 'active',
      session: row.guest_of as SessionId | null,
      enrolment: null,
    });
  }
  return people;
}

/** Enrolments in the sessions' groups, as `group/person`. */
async function loadEnrolments(
  store: Store,
  tx: Tx,
  sessions: readonly SessionTable[],
  people: readonly string[],
): Promise<Map<string, Enrolment>> {
  const groups = sessions.flatMap(({ group }) => group ?? []);
  if (groups.length === 0 || people.length === 0) return new Map();
  const rows = await tx
    .selectFrom('enrolment')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('group', 'in', unique(groups))
    .where('person', 'in', padded(people))
    .execute();
  return new Map(
    rows.map(({ group, person, from_date, until_date }) => [
      `${group}/${person}`,
      { from: from_date as LocalDate, until: until_date as LocalDate | null },
    ]),
  );
}

/** Records, and for those who have one the claims on them: a first arrival needs no claims. */
async function loadStanding(store: Store, tx: Tx, sessions: string[], people: string[]) {
  const records: Batch['records'] = new Map();
  const claims: Batch['claims'] = new Map();
  if (people.length === 0) return { records, claims };
  const recordRows = await tx
    .selectFrom('record')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('session', 'in', sessions)
    .where('person', 'in', padded(people))
    .execute();
  if (recordRows.length === 0) return { records, claims };
  const [eventRows, claimRows] = await Promise.all([
    tx
      .selectFrom('event')
      .select(['stream', 'seq', 'hash'])
      .where('organisation', '=', store.organisation)
      .where('stream', 'in', unique(recordRows.map(({ session }) => `session:${session}`)))
      .where('seq', 'in', unique(recordRows.map(({ seq }) => seq)))
      .execute(),
    tx
      .selectFrom('claim')
      .selectAll()
      .where('organisation', '=', store.organisation)
      .where('session', 'in', unique(recordRows.map(({ session }) => session)))
      .where('person', 'in', unique(recordRows.map(({ person }) => person)))
      .orderBy('at')
      .execute(),
  ]);
  const hashes = new Map(eventRows.map(({ stream, seq, hash }) => [`${stream}/${seq}`, hash]));
  for (const row of recordRows) {
    const proof = (hashes.get(`session:${row.session}/${row.seq}`) ?? '').slice(0, 10);
    records.set(`${row.session}/${row.person}`, { record: readRecord(row), proof });
  }
  for (const row of claimRows) {
    const key = `${row.session}/${row.person}`;
    claims.set(key, [...(claims.get(key) ?? []), row]);
  }
  return { records, claims };
}
