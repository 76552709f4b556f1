import { localDate } from '../core/local-time.ts';
import { type PersonDetail, personDetails } from '../core/people.wire.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { commit } from '../store/ledger.ts';
import { loadOwnFields } from '../store/own-field.ts';
import { loadPeople, type PersonRow } from '../store/person.ts';
import { organisationStream } from '../store/store.ts';
import type { App } from './app.ts';
import { byteOrderMark, writeCsv } from './csv.ts';
import { Pace } from './pace.ts';
import { findPeople, readQuery } from './people.ts';
import { Answer } from './route.ts';

const detailHeadings: Readonly<Record<PersonDetail, string>> = {
  contact: 'Contact',
  address: 'Address',
  birthDate: 'Date of birth',
  job: 'Job',
  department: 'Department',
};
const rowsAtOnce = 250;
/** An export waits for the index of all people: it cannot show a part. */
const indexWaitMs = 25_000;

/**
 * Everybody whom the list would show with all their fields, as CSV (RFC 4180, UTF-8 with its mark). What a spreadsheet
 * would take for a formula begins with an apostrophe; importing takes it off. The ledger keeps who took out how many,
 * and what was looked for, before anything is given. Refuses `input-invalid`, `busy`.
 */
export async function exportPeople(
  app: App,
  actor: string,
  asked: Readonly<Record<string, string>>,
): Promise<Answer | Refusal> {
  const { store, settings } = app;
  const query = readQuery(asked);
  if ('ok' in query) return query;
  const found = await findPeople(app, query, indexWaitMs);
  if (typeof found === 'number') return refuse('busy', { retryAfter: 5 });
  await commit(store, async ({ now, lock, append }) => {
    const stream = organisationStream;
    await lock([stream]);
    const facts = { people: found.length };
    const type = 'people.exported';
    await append([
      { stream, type, occurredAt: now, actor, subject: null, facts, data: { ...asked } },
    ]);
  });
  const fields = await loadOwnFields(store);
  const headings = [
    'Number',
    'Name',
    'Email',
    ...personDetails.map((detail) => detailHeadings[detail]),
    ...fields.map(({ name }) => name),
    'State',
  ];
  const cells = (person: PersonRow) => [
    person.number ?? '',
    person.name,
    person.email ?? '',
    ...personDetails.map((detail) => person[detail] ?? ''),
    ...fields.map(({ id }) => person.own?.[id] ?? ''),
    person.row.state,
  ];
  const pace = new Pace();
  const pieces = [byteOrderMark, writeCsv([headings], '\r\n')];
  for (let start = 0; start < found.length; start += rowsAtOnce) {
    const ids = found.slice(start, start + rowsAtOnce).map(({ person }) => person);
    const people = await loadPeople(store, store.engine.read, { person: ids });
    const known = new Map(people.map((person) => [person.person as string, person]));
    const rows = ids.flatMap((id) => {
      const person = known.get(id);
      return person ? [cells(person)] : [];
    });
    if (rows.length > 0) pieces.push(writeCsv(rows, '\r\n'));
    await pace.breathe();
  }
  const day = localDate(store.clock.now(), settings.current.zone);
  return new Answer(pieces.join(''), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="people-${day}.csv"`,
    },
  });
}
