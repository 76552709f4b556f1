import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GroupId, PersonId } from '../core/brand.ts';
import { groupRoutes } from './group.route.ts';
import { personRoutes } from './person.route.ts';
import { erasePerson } from './person.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: ThrowawayApp;
let host: PersonId;
let group: GroupId;
let people: string;
beforeEach(async () => {
  house = await openThrowawayApp([...groupRoutes, ...personRoutes]);
  host = await house.addPerson('Hypatia', 'host');
  group = (await house.ask(host, '/api/groups', { name: 'Zoology' })).body.id;
  people = `/api/groups/${group}/people`;
});
afterEach(() => house[Symbol.asyncDispose]());

const add = (body: object) => house.ask(host, people, body);
const roster = async () => (await house.ask(host, `/api/groups/${group}`)).body.roster;

test('adds a person, and enrols the one who bears the number elsewhere too', async () => {
  const { person } = (await add({ number: ' 007 ', name: ' Ada  Lovelace ', email: 'ADA@x.org' }))
    .body;
  expect(await roster()).toMatchObject([
    {
      person,
      number: '007',
      name: 'Ada Lovelace',
      email: 'ada@x.org',
      from: '2026-11-23',
      until: null,
    },
  ]);
  const second = (await house.ask(host, '/api/groups', { name: 'Botany' })).body.id;
  const again = await house.ask(host, `/api/groups/${second}/people`, {
    number: '007',
    name: 'Ada L',
  });
  expect(again.body).toEqual({ person });
  expect((await roster())[0].name).toBe('Ada L');
});

test('ten at once with one number become one person', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => add({ number: '1', name: 'Ada', from: '2026-01-01' })),
  );
  expect(new Set(answers.map(({ body }) => body.person)).size).toBe(1);
  expect(await roster()).toHaveLength(1);
});

test.each([
  [{ number: '', name: 'A' }, 'number-missing'],
  [{ number: '1', name: ' \u200b ' }, 'name-missing'],
  [{ number: '1', name: 'x'.repeat(10_000) }, 'name-malformed'],
  [{ number: '1 <b>', name: 'A' }, 'number-malformed'],
  [{ number: '1', name: 'A', email: 'x' }, 'email-malformed'],
  [{ number: '1', name: 'A', from: '2026-02-01', until: '2026-01-01' }, 'input-invalid'],
  [{ number: '1', name: 'A', from: '2026-02-30' }, 'input-invalid'],
  [{ number: 1, name: 'A' }, 'input-invalid'],
  [{ name: 'A' }, 'input-invalid'],
])('%j is refused', async (body, code) => {
  expect((await add(body)).body.code).toBe(code);
  expect(await roster()).toEqual([]);
});

test('number, name, address and dates change by themselves', async () => {
  const { person } = (await add({ number: '1', name: 'Ada', email: 'a@x.org' })).body;
  await add({ number: '2', name: 'Bob', email: 'b@x.org' });
  const path = `${people}/${person}`;
  expect((await house.ask(host, path, { number: '2' })).body.code).toBe('number-taken');
  expect((await house.ask(host, path, { email: 'B@x.org' })).body.code).toBe('email-taken');
  expect((await house.ask(host, path, { until: '2020-01-01' })).body.code).toBe('input-invalid');
  await house.ask(host, path, {
    number: 'a-1',
    email: null,
    from: '2026-09-01',
    until: '2026-12-24',
  });
  expect((await roster())[0]).toMatchObject({
    ...{ number: 'A-1', name: 'Ada', email: null, from: '2026-09-01', until: '2026-12-24' },
  });
});

test('only people of the group can be changed there', async () => {
  const elsewhere = await house.addPerson('Euclid', 'attendee');
  for (const id of [elsewhere, 'nobody', "' or 1=1 --"]) {
    const path = `${people}/${encodeURIComponent(id)}`;
    expect((await house.ask(host, path, { name: 'X' })).status).toBe(404);
  }
});

test('a host does not change who another account belongs to', async () => {
  const admin = await house.addPerson('Root', 'admin');
  const { person } = (await add({ number: '9', name: 'Rooty', email: 'root@x.org' })).body;
  const { organisation, engine } = house.store;
  await engine.write((tx) =>
    engine.insertMany(tx, 'role', [{ organisation, person, role: 'admin' }]),
  );
  const path = `${people}/${person}`;
  expect((await house.ask(host, path, { email: 'evil@x.org' })).body.code).toBe('not-allowed');
  await add({ number: '9', name: 'Evil', email: 'evil@x.org' });
  expect((await roster())[0]).toMatchObject({ name: 'Rooty', email: 'root@x.org' });
  expect((await house.ask(host, path, { until: '2027-01-01' })).status).toBe(200);
  expect((await house.ask(admin, path, { email: 'new@x.org' })).status).toBe(200);
});

test('an erased person stays in the roster without a name', async () => {
  const { person } = (await add({ number: '1', name: 'Ada' })).body;
  await roster();
  expect(await erasePerson(house.app, host, person)).toMatchObject({ ok: true });
  expect(await roster()).toMatchObject([{ person, number: '', name: 'erased', email: null }]);
  expect((await house.ask(host, `${people}/${person}`, { name: 'Ada' })).status).toBe(404);
});
