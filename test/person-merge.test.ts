import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import type { MergeResult, PersonAttendance, PersonView } from '../src/core/people.wire.ts';
import { erasePerson } from '../src/store/erasure.ts';
import { rebuildRecords } from '../src/store/rebuild.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

let server: TestServer<FakeClock>;
let school: School;
let group: string;
let other: string;

const idOf = async (query: string): Promise<PersonId> => {
  const { value } = await school.admin.get<{ people: { person: PersonId }[] }>(
    `/api/people?query=${query}&state=all`,
  );
  return value.people[0]?.person as PersonId;
};
const view = async (person: string) =>
  (await school.admin.get<PersonView>(`/api/people/${person}`)).value;

beforeEach(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  group = await school.addGroup('Physics 10B');
  other = await school.addGroup('Chemistry 9A');
  await school.enrol(group, [
    ['001', 'Amal Haddad'],
    ['002', 'Amal Hadad'],
    ['003', 'Chi'],
  ]);
  await school.enrol(other, [['002', 'Amal Hadad']]);
});
afterEach(() => server[Symbol.asyncDispose]());

const record = async (session: string, number: string) => {
  const { people } = await school.board(session as never);
  return people.find((person) => person.number === number)?.record.status ?? null;
};

test('two people become one: records, enrolments and details move, and the ledger holds', async () => {
  const first = await school.openSession({ group });
  const [stays, goes] = [await idOf('001'), await idOf('002')];
  const phone = school.phone();
  const receipt = await phone.checkIn(await school.token(first), '002');
  expect(receipt.status).toBe(200);
  await school.admin.post(`/api/sessions/${first}/close`, { confirm: true });
  const second = await school.openSession({ group: other });
  await school.admin.post(`/api/sessions/${second}/marks`, { people: [goes], status: 'excused' });
  await school.admin.post(`/api/people/${goes}`, { email: 'amal@example.org', job: 'Pupil' });
  await school.admin.post(`/api/people/${stays}`, { job: 'Prefect' });

  const merge = (path: string, body: object) =>
    school.admin.post<MergeResult>(`/api/people/${goes}/merge${path}`, { into: stays, ...body });
  const preview = (await merge('/preview', { take: ['name'] })).value;
  expect(preview).toMatchObject({
    records: 2,
    groups: [{ name: expect.any(String) }, { name: expect.any(String) }],
    retiresNumber: true,
    endsAccount: false,
  });
  expect(preview.fields).toContainEqual({
    field: 'job',
    from: 'Pupil',
    into: 'Prefect',
    result: 'Prefect',
  });
  expect((await view(goes)).name).toBe('Amal Hadad');

  const merged = await merge('', { take: ['name'] });
  expect(merged.value).toEqual(preview);
  expect(await view(stays)).toMatchObject({
    number: '001',
    name: 'Amal Hadad',
    email: 'amal@example.org',
    job: 'Prefect',
    merged: [goes],
  });
  expect((await school.admin.get(`/api/people/${goes}`)).status).toBe(404);
  expect((await view(stays)).groups.map(({ name }) => name).sort()).toEqual([
    'Chemistry 9A',
    'Physics 10B',
  ]);
  const { sessions } = (await school.admin.get<PersonAttendance>(`/api/people/${stays}/attendance`))
    .value;
  expect(sessions.map(({ status }) => status).sort()).toEqual(['excused', 'present']);
  expect(await record(first, '001')).toBe('present');
  expect(
    (await school.admin.post('/api/people', { name: 'New', number: '002' })).problem.code,
  ).toBe('number-retired');
  expect((await merge('', {})).status).toBe(404);

  const { store } = server.app;
  expect((await finish(verifyLedger(store))).faults).toEqual([]);
  expect((await rebuildRecords(store, 'operator')).differences).toEqual([]);

  // erasing the one erases what is left of the other
  const erased = await erasePerson(store, 'operator', stays);
  expect(erased).toMatchObject({ ok: true });
  const left = await store.engine.read
    .selectFrom('event')
    .select('id')
    .where('subject', 'in', [stays, goes])
    .where('payload', 'is not', null)
    .execute();
  expect(left).toEqual([]);
  expect((await finish(verifyLedger(store))).faults).toEqual([]);
});

test('where both have a record the rule decides, and the confirmation lists it', async () => {
  const session = await school.openSession({ group });
  const [stays, goes] = [await idOf('001'), await idOf('002')];
  const mark = (person: string, status: string) =>
    school.admin.post(`/api/sessions/${session}/marks`, { people: [person], status });
  await mark(stays, 'absent');
  await school.phone().checkIn(await school.token(session), '002');
  const { value } = await school.admin.post<MergeResult>(`/api/people/${goes}/merge`, {
    into: stays,
  });
  // what a host said goes before what a phone said
  expect(value.conflicts).toMatchObject([
    { session, from: 'present', into: 'absent', result: 'absent' },
  ]);
  expect(await record(session, '001')).toBe('absent');
  const again = await school.phone().checkIn(await school.token(session), '002');
  expect(again.status).not.toBe(200);
});

test('an account ends with the one who goes; oneself and the held stay', async () => {
  const host = await school.inviteHost([group]);
  const goes = (await host.get<{ id: PersonId }>('/api/me')).value.id;
  const stays = await idOf('001');
  const { value: me } = await school.admin.get<{ id: PersonId }>('/api/me');
  const merge = (from: string, into: string) =>
    school.admin.post<MergeResult>(`/api/people/${from}/merge`, { into });
  expect((await merge(me.id, stays)).status).toBe(403);
  expect((await merge(stays, stays)).problem.code).toBe('input-invalid');
  const { engine, organisation } = server.app.store;
  const hold = {
    organisation,
    person: goes,
    placed_at: 0,
    placed_by: 'x',
    sealed: Buffer.alloc(1),
  };
  await engine.write((tx) => engine.insertMany(tx, 'legal_hold', [hold]));
  expect((await merge(goes, stays)).problem.code).toBe('person-held');
  await engine.write((tx) => tx.deleteFrom('legal_hold').execute());
  expect((await merge(goes, stays)).value.endsAccount).toBe(true);
  expect((await host.get('/api/me')).status).toBe(401);
  expect((await school.admin.post(`/api/people/${stays}/deactivate`)).status).toBe(200);
  expect((await merge(await idOf('003'), stays)).problem.code).toBe('person-inactive');
});

test('whoever is deactivated does not check in', async () => {
  const session = await school.openSession({ group });
  const person = await idOf('003');
  await school.admin.post(`/api/people/${person}/deactivate`);
  const refused = await school.phone().checkIn(await school.token(session), '003');
  expect(refused.problem.code).toBe('not-on-roster');
  await school.admin.post(`/api/people/${person}/reactivate`);
  expect((await school.phone().checkIn(await school.token(session), '003')).status).toBe(200);
});
