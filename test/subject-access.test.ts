import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
  const group = await school.addClass([
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

test('the page says in words what was recorded', async () => {
  const reply = await school.admin.get<string>(`/api/people/${person}/data?format=html`);
  const page = String(reply.value);
  expect(page).toContain('Checked in');
  expect(page).toMatch(/Stands: present, [^<]+, scanned code/);
  expect(page).toContain('Group Physics 10B');
  for (const raw of ['check-in', 'enrolment.added', 'ageMs', '{&#34;'])
    expect(page).not.toContain(raw);
});

test('a host does not get it, and nobody is nobody', async () => {
  const host = await school.inviteHost();
  expect((await host.get(`/api/people/${person}/data`)).status).toBe(403);
  expect((await school.admin.get('/api/people/nobody/data')).status).toBe(404);
});

describe('oneself', () => {
  test('takes out the same, but for legal holds and for where others sat', async () => {
    const nora = await school.inviteHost([], 'Nora', 'nora@example.org', 'attendee');
    const { value: me } = await nora.get<{ id: string }>('/api/me');
    const held = await school.admin.post(`/api/people/${me.id}/legal-hold/place`, {
      reason: 'a case at court',
    });
    expect(held.status).toBe(200);
    school.admin.headers['user-agent'] = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0';
    await school.admin.post(`/api/people/${me.id}`, { address: '1 Long Lane' });
    const { status, value } = await nora.get<SubjectData>('/api/me/data');
    expect(status).toBe(200);
    expect(value.identity).toMatchObject({ name: 'Nora', address: '1 Long Lane' });
    expect(JSON.stringify(value)).not.toMatch(/hold|court/);
    for (const { actor, data } of value.events) {
      if (actor !== me.id) expect(data?.device).toBeUndefined();
    }
    const whole = await school.admin.get<SubjectData>(`/api/people/${me.id}/data`);
    expect(JSON.stringify(whole.value)).toMatch(/a case at court/);
    expect((await nora.get(`/api/people/${person}/data`)).status).toBe(403);
  });

  test('does so six times an hour, and it stands in the ledger', async () => {
    const nora = await school.inviteHost([], 'Nora', 'nora@example.org', 'attendee');
    for (let time = 0; time < 6; time += 1) {
      const { status, headers } = await nora.get('/api/me/data?format=html');
      expect(status).toBe(200);
      expect(headers.get('content-disposition')).toContain('attachment');
    }
    const refused = await nora.get('/api/me/data');
    expect([refused.status, refused.problem.code]).toEqual([429, 'throttled']);
    const { store } = server.app;
    const rows = await store.engine.read
      .selectFrom('event')
      .select(['actor', 'subject'])
      .where('type', '=', 'person.data-taken')
      .execute();
    expect(rows).toHaveLength(6);
    for (const { actor, subject } of rows) expect(actor).toBe(subject);
    // asking too often makes nobody wait longer
    server.clock.advance(30 * 60_000);
    for (let time = 0; time < 6; time += 1) {
      expect((await nora.get('/api/me/data')).status).toBe(429);
    }
    server.clock.advance(31 * 60_000);
    expect((await nora.get('/api/me/data')).status).toBe(200);
  });
});
