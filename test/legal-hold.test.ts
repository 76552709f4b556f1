import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import type { LegalHolds } from '../src/core/legal-hold.wire.ts';
import { erasePerson } from '../src/store/erasure.ts';
import { loadPersonHistory } from '../src/store/history.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

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
  expect(value.holds).toMatchObject([{ person, reason: 'a case at court' }]);
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
