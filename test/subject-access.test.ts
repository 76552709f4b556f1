import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import type { SubjectData } from '../src/store/subject-access.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

let server: TestServer<FakeClock>;
let school: School;
let person: PersonId;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  const group = await school.addGroup('Physics 10B');
  await school.enrol(group, [
    ['001', 'Amal <b>Haddad</b>'],
    ['002', 'Grace'],
  ]);
  const session = await school.openSession({ group });
  await school.phone().checkIn(await school.token(session), '001');
  const { value } = await school.admin.get<{ people: { person: PersonId; number: string }[] }>(
    '/api/people?query=001',
  );
  person = value.people[0]?.person as PersonId;
});
afterEach(() => server[Symbol.asyncDispose]());

test('one file says everything about a person, and nothing about others', async () => {
  const { status, value } = await school.admin.get<SubjectData>(`/api/people/${person}/data`);
  expect(status).toBe(200);
  expect(value.identity).toMatchObject({ number: '001', name: 'Amal <b>Haddad</b>' });
  expect(value.groups).toMatchObject([{ name: 'Physics 10B' }]);
  expect(value.records).toMatchObject([{ status: 'present' }]);
  const checkIn = value.events.find(({ type }) => type === 'check-in');
  expect(checkIn?.data).toMatchObject({ address: expect.any(String) });
  expect(JSON.stringify(value)).not.toContain('Grace');
});

test('that it was taken out stands in the ledger', async () => {
  await school.admin.get(`/api/people/${person}/data`);
  const { store } = server.app;
  const rows = await store.engine.read
    .selectFrom('event')
    .select(['subject', 'stream'])
    .where('type', '=', 'person.data-taken')
    .execute();
  expect(rows).toEqual([{ subject: person, stream: 'organisation' }]);
});

test('the page can be read and runs nothing', async () => {
  const reply = await school.admin.get<string>(`/api/people/${person}/data?format=html`);
  expect(String(reply.value)).toContain('Amal &#60;b&#62;Haddad');
  expect(String(reply.value)).not.toContain('<b>');
});

test('a host does not get it, and nobody is nobody', async () => {
  const host = await school.inviteHost();
  expect((await host.get(`/api/people/${person}/data`)).status).toBe(403);
  expect((await school.admin.get('/api/people/nobody/data')).status).toBe(404);
});
