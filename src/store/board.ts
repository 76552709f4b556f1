import type { Kysely } from 'kysely';
import type { LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { claimMark } from '../core/claim-mark.ts';
import { isEnrolled } from '../core/enrolment.ts';
import { unmarked } from '../core/record.ts';
import type { BoardClaim, BoardPerson } from '../core/session.wire.ts';
import type { Directory } from './directory.ts';
import { loadPersonKeys } from './key.ts';
import { readRecord } from './record.ts';
import type { Schema } from './schema.ts';
import type { SessionRow } from './session.ts';
import { type Store, sessionStream } from './store.ts';

const chunk = 500;

/** Sequence of the last event of the session's stream. */
export async function loadHead(store: Store, stream: string): Promise<number> {
  const row = await store.engine.read
    .selectFrom('stream')
    .select('seq')
    .where('organisation', '=', store.organisation)
    .where('stream', '=', stream)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** Everybody on a session's board: enrolled on its date, or with a record in it. A decision asks in its transaction. */
export async function listBoardPeople(
  store: Store,
  session: SessionRow,
  db: Kysely<Schema> = store.engine.read,
): Promise<PersonId[]> {
  const { organisation } = store;
  const people = new Set<string>();
  if (session.group !== null) {
    const enrolments = await db
      .selectFrom('enrolment')
      .select(['person', 'from_date', 'until_date'])
      .where('organisation', '=', organisation)
      .where('group', '=', session.group)
      .execute();
    for (const { person, from_date, until_date } of enrolments) {
      const enrolment = { from: from_date as LocalDate, until: until_date as LocalDate | null };
      if (isEnrolled(enrolment, session.date)) people.add(person);
    }
  }
  const records = await db
    .selectFrom('record')
    .select('person')
    .where('organisation', '=', organisation)
    .where('session', '=', session.id)
    .execute();
  for (const { person } of records) people.add(person);
  return [...people] as PersonId[];
}

/** These people as the board shows them now, in no particular order. */
export async function loadBoardPeople(
  store: Store,
  directory: Directory,
  session: SessionId,
  people: readonly PersonId[],
): Promise<BoardPerson[]> {
  const shown: BoardPerson[] = [];
  for (let start = 0; start < people.length; start += chunk) {
    shown.push(...(await loadSome(store, directory, session, people.slice(start, start + chunk))));
  }
  return shown;
}

async function loadSome(
  store: Store,
  directory: Directory,
  session: SessionId,
  people: readonly PersonId[],
): Promise<BoardPerson[]> {
  const { engine, organisation } = store;
  const [known, records, claims, notes] = await Promise.all([
    directory.get(people),
    engine.read
      .selectFrom('record')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('session', '=', session)
      .where('person', 'in', people)
      .execute(),
    loadClaims(store, session, people),
    loadNotes(store, session, people),
  ]);
  const byPerson = new Map(records.map((row) => [row.person, row]));
  return people.flatMap((id) => {
    const person = known.get(id);
    const row = byPerson.get(id);
    if (!person || person.state === 'merged') return [];
    const record = row ? readRecord(row) : unmarked;
    return {
      id,
      number: person.number ?? '',
      name: person.name,
      guest: person.guest,
      record,
      seq: row?.seq ?? 0,
      note: notes.get(id) ?? null,
      claims: record.pending ? (claims.get(id) ?? []) : [],
    };
  });
}

async function loadClaims(
  store: Store,
  session: SessionId,
  people: readonly PersonId[],
): Promise<Map<string, BoardClaim[]>> {
  const rows = await store.engine.read
    .selectFrom('claim as c')
    .innerJoin('record as r', (join) =>
      join
        .onRef('r.organisation', '=', 'c.organisation')
        .onRef('r.session', '=', 'c.session')
        .onRef('r.person', '=', 'c.person'),
    )
    .select(['c.person', 'c.browser', 'c.at'])
    .where('c.organisation', '=', store.organisation)
    .where('c.session', '=', session)
    .where('c.person', 'in', people)
    .where('r.pending', '=', 1)
    .orderBy('c.at')
    .execute();
  const claims = new Map<string, BoardClaim[]>();
  for (const { person, browser, at } of rows) {
    claims.set(person, [
      ...(claims.get(person) ?? []),
      { claim: browser, mark: claimMark(session, browser), at },
    ]);
  }
  return claims;
}

/** The newest note of each person, from the events that carry one. */
async function loadNotes(
  store: Store,
  session: SessionId,
  people: readonly PersonId[],
): Promise<Map<string, string>> {
  const notes = new Map<string, string>();
  const rows = await store.engine.read
    .selectFrom('event')
    .select(['id', 'subject', 'payload'])
    .where('organisation', '=', store.organisation)
    .where('stream', '=', sessionStream(session))
    .where('type', 'in', ['mark', 'note'])
    .where('payload', 'is not', null)
    .where('subject', 'in', people)
    .orderBy('seq')
    .execute();
  if (rows.length === 0) return notes;
  const keys = await loadPersonKeys(
    store,
    store.engine.read,
    rows.map(({ subject }) => subject ?? ''),
  );
  for (const { id, subject, payload } of rows) {
    const key = keys.get(subject ?? '');
    if (!key || !payload || !subject) continue;
    const { note } = JSON.parse(store.vault.openPayload(id, key, payload).data) as {
      note?: string;
    };
    if (note === '') notes.delete(subject);
    else if (note !== undefined) notes.set(subject, note);
  }
  return notes;
}
