import type { GroupId, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import type { Enrolment } from '../core/enrolment.ts';
import type { RecordState } from '../core/record.ts';
import type { PreparedAttempt } from './check-in.ts';
import { padded, type Tx } from './engine.ts';
import { readRecord } from './record.ts';
import type { AttemptTable, ClaimTable } from './schema.ts';
import { readSession, type SessionRow } from './session.ts';
import type { Store } from './store.ts';
import type { WrappedKey } from './vault.ts';

/** Somebody an attempt can be about: enrolled in the session's group, or a guest of the session. */
export interface KnownPerson {
  readonly person: PersonId;
  readonly key: Uint8Array;
  readonly wrapped: WrappedKey;
  readonly index: string;
  readonly number: string;
  readonly name: string;
  readonly guest: boolean;
  readonly session: SessionId | null;
  readonly enrolment: Enrolment | null;
  readonly group?: GroupId;
}

/** All that a batch of attempts is decided on; it moves along while the batch is decided. Keys are `session/...`. */
export interface Batch {
  readonly sessions: Map<string, SessionRow>;
  readonly attempts: Map<string, AttemptTable>;
  readonly tickets: Set<string>;
  /** By blind index; one entry for each group the person is enrolled in. */
  readonly people: Map<string, KnownPerson[]>;
  readonly records: Map<string, { record: RecordState; proof: string }>;
  readonly claims: Map<string, ClaimTable[]>;
  readonly browserClaims: Map<string, ClaimTable>;
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
  const indexes = inputs.flatMap(({ number, ticket }) => [
    vault.numberIndex(number),
    vault.guestIndex(ticket.session, number),
  ]);
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
  const personIds = new Set<string>([...peopleRows.values()].flat().map(({ person }) => person));
  for (const { person } of attemptRows) personIds.add(person);
  const { records, claims } = await loadStanding(store, tx, sessionIds, [...personIds]);
  const sessions = new Map(sessionRows.map((row) => [row.session, readSession(store, row)]));
  return {
    sessions,
    attempts: new Map(attemptRows.map((row) => [row.attempt, row])),
    tickets: new Set(attemptRows.map(({ ticket }) => ticket)),
    people: peopleRows,
    records,
    claims,
    browserClaims: new Map(browserRows.map((row) => [`${row.session}/${row.browser}`, row])),
    find(session, number) {
      const guest = peopleRows.get(vault.guestIndex(session.id, number))?.[0];
      if (session.group === null) return guest ?? null;
      const enrolled = peopleRows
        .get(vault.numberIndex(number))
        ?.find(({ group }) => group === session.group);
      return enrolled ?? guest ?? null;
    },
  };
}

function loadAttempts(
  store: Store,
  tx: Tx,
  inputs: readonly PreparedAttempt[],
): Promise<AttemptTable[]> {
  return tx
    .selectFrom('attempt')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where((where) =>
      where.or([
        where('attempt', 'in', unique(inputs.map(({ attempt }) => attempt))),
        where('ticket', 'in', unique(inputs.map(({ ticket }) => ticket.id))),
      ]),
    )
    .execute();
}

async function loadPeople(
  store: Store,
  tx: Tx,
  indexes: string[],
): Promise<Map<string, KnownPerson[]>> {
  const rows = await tx
    .selectFrom('person as p')
    .innerJoin('person_key as k', (join) =>
      join.onRef('k.organisation', '=', 'p.organisation').onRef('k.person', '=', 'p.person'),
    )
    .leftJoin('enrolment as e', (join) =>
      join.onRef('e.organisation', '=', 'p.organisation').onRef('e.person', '=', 'p.person'),
    )
    .select([
      'p.person',
      'p.number_index',
      'p.guest_of',
      'p.sealed',
      'k.epoch',
      'k.wrapped',
      'e.group',
      'e.from_date',
      'e.until_date',
    ])
    .where('p.organisation', '=', store.organisation)
    .where('p.number_index', 'in', indexes)
    .where('p.state', '=', 'active')
    .execute();
  const people = new Map<string, KnownPerson[]>();
  for (const row of rows) {
    if (!row.sealed || !row.number_index) continue;
    const wrapped = { epoch: row.epoch, wrapped: row.wrapped };
    const key = store.vault.personKey(row.person, wrapped);
    const { number, name } = store.vault.openPerson(row.person, key, row.sealed);
    const list = people.get(row.number_index) ?? [];
    list.push({
      person: row.person as PersonId,
      key,
      wrapped,
      index: row.number_index,
      number: number ?? '',
      name,
      guest: row.guest_of !== null,
      session: row.guest_of as SessionId | null,
      enrolment:
        row.from_date === null
          ? null
          : { from: row.from_date as LocalDate, until: row.until_date as LocalDate | null },
      ...(row.group === null ? {} : { group: row.group as GroupId }),
    });
    people.set(row.number_index, list);
  }
  return people;
}

async function loadStanding(store: Store, tx: Tx, sessions: string[], people: string[]) {
  const records: Batch['records'] = new Map();
  const claims: Batch['claims'] = new Map();
  if (people.length === 0) return { records, claims };
  const ids = padded(people);
  const [recordRows, claimRows] = await Promise.all([
    tx
      .selectFrom('record as r')
      .innerJoin('event as e', (join) =>
        join
          .onRef('e.organisation', '=', 'r.organisation')
          .onRef('e.seq', '=', 'r.seq')
          .on((on) =>
            on('e.stream', '=', on.fn<string>('concat', [on.val('session:'), 'r.session'])),
          ),
      )
      .select([
        'r.session',
        'r.person',
        'r.status',
        'r.at',
        'r.minutes_late',
        'r.how',
        'r.pending',
        'e.hash',
      ])
      .where('r.organisation', '=', store.organisation)
      .where('r.session', 'in', sessions)
      .where('r.person', 'in', ids)
      .execute(),
    tx
      .selectFrom('claim')
      .selectAll()
      .where('organisation', '=', store.organisation)
      .where('session', 'in', sessions)
      .where('person', 'in', ids)
      .orderBy('at')
      .execute(),
  ]);
  for (const row of recordRows) {
    records.set(`${row.session}/${row.person}`, {
      record: readRecord(row),
      proof: row.hash.slice(0, 10),
    });
  }
  for (const row of claimRows) {
    const key = `${row.session}/${row.person}`;
    claims.set(key, [...(claims.get(key) ?? []), row]);
  }
  return { records, claims };
}
