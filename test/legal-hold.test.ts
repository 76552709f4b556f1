import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import type { LegalHolds } from '../src/core/legal-hold.wire.ts';
import { erasePerson } from '../src/store/erasure.ts';
import { loadPersonHistory } from '../src/store/history.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';
import type { Visitor } from './visitor.ts';

let server: TestServer<FakeClock>;
let school: School;
let person: PersonId;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  const { value } = await school.admin.post<{ person: PersonId }>('/api/people', {
    number: '001',
    name: 'Amal',
  });
  person = value.person;
});
afterEach(() => server[Symbol.asyncDispose]());

const change = (verb: string, reason = 'a case at court') =>
  school.admin.post(`/api/people/${person}/legal-hold/${verb}`, { reason });

test('nobody who is held is erased, and once it is lifted they are', async () => {
  const { store } = server.app;
  expect((await change('place')).status).toBe(200);
  expect((await change('place')).status).toBe(200);
  expect(await erasePerson(store, 'x', person)).toMatchObject({ code: 'person-held' });
  const { value } = await school.admin.get<LegalHolds>('/api/legal-holds');
  expect(value.holds).toMatchObject([
    { person, name: 'Amal', number: '001', reason: 'a case at court' },
  ]);
  expect(value.holds[0]?.placedBy.name).toBe('Ada Admin');
  const other = await school.admin.get<LegalHolds>(`/api/legal-holds?person=${randomUUID()}`);
  expect(other.value.holds).toEqual([]);
  expect((await change('lift', 'it is over')).status).toBe(200);
  const told = (await loadPersonHistory(store, [person])).map(({ type, data }) => [type, data]);
  expect(told.slice(1)).toEqual([
    ['hold.placed', { reason: 'a case at court' }],
    ['hold.lifted', { reason: 'it is over' }],
  ]);
  expect(await erasePerson(store, 'x', person)).toMatchObject({ ok: true });
  expect((await change('place')).status).toBe(404);
  expect((await finish(verifyLedger(store))).faults).toEqual([]);
});

test('a reason is needed, and a host changes and sees nothing', async () => {
  expect((await change('place', ' ')).status).toBe(422);
  const host = await school.inviteHost();
  const path = `/api/people/${person}/legal-hold/place`;
  expect((await host.post(path, { reason: 'mine' })).status).toBe(403);
  expect((await host.get('/api/legal-holds')).status).toBe(403);
});

test('a supervisor of the person learns nothing of it', async () => {
  const group = await school.addGroup('Physics');
  await school.enrol(group, [['001', 'Amal']]);
  const sven = await school.inviteHost([], 'Sven', 'sven@example.org', 'supervisor');
  const { value: me } = await sven.get<{ id: string }>('/api/me');
  await school.admin.post(`/api/groups/${group}/supervisors`, { supervisors: [me.id] });
  expect((await change('place')).status).toBe(200);
  for (const path of ['', '/history']) {
    const told = async (by: Visitor) => {
      const { status, value } = await by.get(`/api/people/${person}${path}`);
      expect(status).toBe(200);
      return JSON.stringify(value);
    };
    expect(await told(school.admin)).toMatch(/"held":true|hold\.placed.*a case at court/);
    expect(await told(sven)).not.toMatch(/"held":true|hold\.|a case at court/);
  }
});
