import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PersonId } from '../core/brand.ts';
import { finish, verifyLedger } from '../store/verify.ts';
import { erasureRoutes } from './erasure.route.ts';
import { groupRoutes } from './group.route.ts';
import { peopleRoutes } from './people.route.ts';
import { personRoutes } from './person.route.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: ThrowawayApp;
let admin: PersonId;
beforeEach(async () => {
  house = await openThrowawayApp([
    ...groupRoutes,
    ...personRoutes,
    ...peopleRoutes,
    ...erasureRoutes,
  ]);
  admin = await house.addPerson('Hypatia', 'admin');
});
afterEach(() => house[Symbol.asyncDispose]());

const ask = (path: string, body?: object) => house.ask(admin, `/api/people${path}`, body);
const add = async (body: object): Promise<string> => {
  house.place.clock.at += 1_000;
  return (await ask('', body)).body.person;
};
const names = async (query: string) =>
  (await ask(`?${query}`)).body.people.map(({ name }: { name: string }) => name);

describe('one person', () => {
  test('has details that change by themselves, and a history of them', async () => {
    const person = await add({
      number: ' a-1 ',
      name: 'Ada  Lovelace',
      email: 'ADA@x.org',
      birthDate: '10.12.1985',
      job: ' Analyst ',
    });
    expect((await ask(`/${person}`)).body).toMatchObject({
      number: 'A-1',
      name: 'Ada Lovelace',
      email: 'ada@x.org',
      birthDate: '1985-12-10',
      job: 'Analyst',
      department: null,
      state: 'active',
      groups: [],
      own: {},
      held: false,
      account: false,
    });
    await ask(`/${person}`, { job: '', department: 'Engines', number: 'A-2' });
    expect((await ask(`/${person}`)).body).toMatchObject({ job: null, department: 'Engines' });
    const { events } = (await ask(`/${person}/history`)).body;
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      'person.changed',
      'person.added',
    ]);
    expect(events[0]).toMatchObject({ actor: { id: admin, name: 'Hypatia' } });
    expect(events[0].changes).toContainEqual({ field: 'job', before: 'Analyst', after: null });
    expect(events[0].changes).toContainEqual({ field: 'number', before: 'A-1', after: 'A-2' });
  });

  test.each([
    [{ name: ' ' }, 'name-missing'],
    [{ name: 'A', number: '<b>' }, 'number-malformed'],
    [{ name: 'A', email: 'x' }, 'email-malformed'],
    [{ name: 'A', birthDate: '2027-01-01' }, 'birth-date-wrong'],
    [{ name: 'A', job: 'x'.repeat(200) }, 'input-invalid'],
    [{ name: 'A', own: { none: 'x' } }, 'own-field-wrong'],
    [{ name: 'A', photo: 'x' }, 'input-invalid'],
  ])('%j is refused', async (body, code) => {
    expect((await ask('', body)).body.code).toBe(code);
    expect(await names('')).toEqual(['Hypatia']);
  });

  test('keeps details when a host’s list changes the name', async () => {
    const ada = await add({ name: 'Ada', number: '1', job: 'Analyst' });
    const group = (await house.ask(admin, '/api/groups', { name: 'Zoology' })).body.id;
    await house.ask(admin, `/api/groups/${group}/people`, { number: '1', name: 'Ada King' });
    await house.ask(admin, `/api/groups/${group}/people/${ada}`, { email: 'ada@x.org' });
    expect((await ask(`/${ada}`)).body).toMatchObject({
      name: 'Ada King',
      email: 'ada@x.org',
      job: 'Analyst',
      groups: [{ id: group }],
    });
  });

  test('a number is one person’s for ever', async () => {
    const ada = await add({ name: 'Ada', number: '1' });
    const bob = await add({ name: 'Bob', number: '2' });
    expect((await ask('', { name: 'Carl', number: '1' })).body.code).toBe('number-taken');
    await ask(`/${ada}`, { number: '3' });
    expect((await ask(`/${bob}`, { number: '1' })).body.code).toBe('number-retired');
    expect((await ask('', { name: 'Carl', number: '1' })).body.code).toBe('number-retired');
    expect((await ask(`/${ada}`, { number: '1' })).body).toEqual({ ok: true });
    await ask(`/${ada}/erase`, { name: 'Ada' });
    for (const number of ['1', '3']) {
      expect((await ask('', { name: 'Carl', number })).body.code).toBe('number-retired');
    }
  });

  test('whom there is not is not found', async () => {
    for (const path of ['', '/attendance', '/history']) {
      expect((await ask(`/00000000-0000-7000-8000-000000000000${path}`)).status).toBe(404);
    }
  });

  test('everybody sees themselves, and nobody else', async () => {
    const host = await house.addPerson('Henri', 'host');
    expect((await house.ask(host, '/api/me/person')).body.name).toBe('Henri');
    expect((await house.ask(host, '/api/me/attendance')).body.sessions).toEqual([]);
    expect((await house.ask(host, `/api/people/${admin}`)).status).toBe(403);
    expect((await house.ask(host, '/api/people')).status).toBe(403);
    expect((await house.ask(null, '/api/people')).status).toBe(401);
  });
});

describe('own fields', () => {
  const fields = [
    { id: 'shoe', name: 'Shoe size', type: 'number' },
    { id: 'house', name: 'House', type: 'choice', choices: ['Red', 'Blue'] },
    { id: 'since', name: 'Member since', type: 'date' },
  ];
  test('are kept with people as their kind allows', async () => {
    expect((await ask('/fields', { fields })).body).toEqual({ ok: true });
    const ada = await add({ name: 'Ada', own: { shoe: '38,5', house: 'red', since: '1.2.2020' } });
    const own = async () => (await ask(`/${ada}`)).body.own;
    expect(await own()).toEqual({ shoe: '38.5', house: 'Red', since: '2020-02-01' });
    await ask(`/${ada}`, { own: { shoe: '' } });
    expect(await own()).toEqual({ house: 'Red', since: '2020-02-01' });
    // whoever may not ask for the list of fields learns what one's own are called
    expect((await house.ask(admin, '/api/me/person')).body.fields).toEqual(fields);
    for (const wrong of [{ shoe: 'big' }, { house: 'Green' }, { since: 'soon' }]) {
      expect((await ask(`/${ada}`, { own: wrong })).body.code).toBe('own-field-wrong');
    }
  });

  test('have names that can be told apart and choices to choose from', async () => {
    const twice = [fields[0], { ...fields[2], name: 'SHOE size' }];
    expect((await ask('/fields', { fields: twice })).body.code).toBe('own-field-wrong');
    const none = [{ id: 'x', name: 'X', type: 'choice' }];
    expect((await ask('/fields', { fields: none })).body.code).toBe('own-field-wrong');
    expect((await ask('/fields')).body).toEqual({ fields: [] });
  });
});

describe('the list', () => {
  beforeEach(async () => {
    await add({ name: 'Ada Lovelace', number: '10', email: 'ada@x.org', department: 'Engines' });
    await add({ name: 'José Ñuñez', number: '9' });
    await add({ name: '王小明', number: '100' });
  });

  test('finds beginnings of words in any script, and says where', async () => {
    expect(await names('query=nunez')).toEqual(['José Ñuñez']);
    expect(await names(`query=${encodeURIComponent('小明')}`)).toEqual(['王小明']);
    const { people } = (await ask('?query=eng%20ada')).body;
    expect(people).toMatchObject([
      { name: 'Ada Lovelace', matched: ['name', 'email', 'department'] },
    ]);
    expect(await names('query=10')).toEqual(['Ada Lovelace', '王小明']);
    expect(await names('query=lace')).toEqual([]);
  });

  test('sorts both ways, and by numbers as people count', async () => {
    expect(await names('sort=number&query=1')).toEqual(['Ada Lovelace', '王小明']);
    expect((await names('sort=-number')).slice(0, 3)).toEqual([
      '王小明',
      'Ada Lovelace',
      'José Ñuñez',
    ]);
    expect(await names('sort=added')).toEqual(['Hypatia', 'Ada Lovelace', 'José Ñuñez', '王小明']);
    expect(await names('')).toEqual(['Ada Lovelace', 'Hypatia', 'José Ñuñez', '王小明']);
  });

  test('follows whatever happens to people', async () => {
    expect(await names('query=ada')).toEqual(['Ada Lovelace']);
    const [{ person }] = (await ask('?query=ada')).body.people;
    await ask(`/${person}`, { name: 'Augusta King' });
    expect(await names('query=ada')).toEqual(['Augusta King']);
    await ask(`/${person}`, { email: null });
    expect(await names('query=ada')).toEqual([]);
    await ask(`/${person}/deactivate`, {});
    expect(await names('query=augusta')).toEqual([]);
    expect(await names('query=augusta&state=all')).toEqual(['Augusta King']);
    await ask(`/${person}/erase`, { name: 'Augusta King' });
    expect(await names('query=augusta&state=all')).toEqual([]);
  });

  test('is filtered by role and group', async () => {
    const group = (await house.ask(admin, '/api/groups', { name: 'Zoology' })).body.id;
    await house.ask(admin, `/api/groups/${group}/people`, { number: '9', name: 'José Ñuñez' });
    expect(await names('role=admin')).toEqual(['Hypatia']);
    expect(await names('role=none&group=none')).toEqual(['Ada Lovelace', '王小明']);
    const { people, total } = (await ask(`?group=${group}`)).body;
    expect([total, people[0].groups]).toEqual([1, [{ id: group, name: 'Zoology' }]]);
  });

  test('refuses what it does not know', async () => {
    for (const query of ['state=gone', 'role=king', 'group=1', 'sort=age', 'order=1']) {
      expect((await ask(`?${query}`)).body.code, query).toBe('input-invalid');
    }
  });
});

describe('deactivating', () => {
  test('ends what somebody can do and keeps what they are', async () => {
    const ada = await add({ name: 'Ada', number: '1' });
    const group = (await house.ask(admin, '/api/groups', { name: 'Zoology' })).body.id;
    const people = `/api/groups/${group}/people`;
    await house.ask(admin, people, { number: '1', name: 'Ada' });
    expect((await ask(`/${ada}/deactivate`, { reason: 'left' })).body).toEqual({ ok: true });
    expect((await ask(`/${ada}/deactivate`, {})).body).toEqual({ ok: true });
    expect((await ask(`/${ada}`)).body).toMatchObject({ state: 'inactive', number: '1' });
    const { roster } = (await house.ask(admin, `/api/groups/${group}`)).body;
    expect(roster).toMatchObject([{ name: 'Ada' }]);
    expect((await house.ask(admin, people, { number: '1', name: 'B' })).body.code).toBe(
      'person-inactive',
    );
    await ask(`/${ada}/reactivate`, {});
    expect((await ask(`/${ada}`)).body.state).toBe('active');
    const { events } = (await ask(`/${ada}/history`)).body;
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'person.reactivated' },
      { type: 'person.deactivated', reason: 'left' },
    ]);
  });

  test('is not for oneself, nor for the last administrator', async () => {
    expect((await ask(`/${admin}/deactivate`, {})).status).toBe(403);
    const other = await house.addPerson('Olga', 'admin');
    const { engine, organisation } = house.store;
    const password = { organisation, person: admin, hash: 'x', changed_at: 0 };
    await engine.write((tx) => engine.insertMany(tx, 'credential', [password]));
    expect((await ask(`/${other}/deactivate`, {})).body).toEqual({ ok: true });
    expect((await house.ask(other, `/api/people/${admin}/deactivate`, {})).body.code).toBe(
      'last-admin',
    );
  });
});

describe('erasing', () => {
  test('needs the name, and leaves a certificate and a ledger that holds', async () => {
    const ada = await add({ name: 'Ada Lovelace', number: '1' });
    expect((await ask(`/${ada}/erase`, { name: 'Ada' })).body.code).toBe('name-mismatch');
    const { engine, organisation } = house.store;
    const hold = {
      organisation,
      person: ada,
      placed_at: 0,
      placed_by: 'x',
      sealed: Buffer.alloc(1),
    };
    await engine.write((tx) => engine.insertMany(tx, 'legal_hold', [hold]));
    expect((await ask(`/${ada}/erase`, { name: 'Ada Lovelace' })).body.code).toBe('person-held');
    await engine.write((tx) => tx.deleteFrom('legal_hold').execute());
    const { body } = await ask(`/${ada}/erase`, { name: ' Ada  Lovelace ', reason: 'by request' });
    const by = { id: admin, name: 'Hypatia' };
    expect(body).toMatchObject({ number: 2, by, erased: [ada], restored: false });
    expect((await house.ask(admin, '/api/erasures')).body.erasures).toEqual([body]);
    expect((await house.ask(admin, '/api/erasures/2')).body).toEqual(body);
    expect((await house.ask(admin, '/api/erasures/1')).status).toBe(404);
    expect(JSON.stringify(body)).not.toMatch(/Ada|Lovelace|by request/);
    expect((await ask(`/${ada}`)).status).toBe(404);
    expect((await ask(`/${admin}/erase`, { name: 'Hypatia' })).status).toBe(403);
    expect((await finish(verifyLedger(house.store))).faults).toEqual([]);
  });
});
