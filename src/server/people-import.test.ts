import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PersonId } from '../core/brand.ts';
import { erasureRoutes } from './erasure.route.ts';
import { peopleRoutes } from './people.route.ts';
import { peopleImportRoutes } from './people-import.route.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: ThrowawayApp;
let admin: PersonId;
beforeEach(async () => {
  house = await openThrowawayApp([...peopleRoutes, ...peopleImportRoutes, ...erasureRoutes]);
  admin = await house.addPerson('Hypatia', 'admin');
});
afterEach(() => house[Symbol.asyncDispose]());

const ask = async (path: string, body?: object) =>
  (await house.ask(admin, `/api/people${path}`, body)).body;
const lines = (...rows: string[]) => ({ text: rows.join('\n') });
const preview = (...rows: string[]) => ask('/import/preview', lines(...rows));
const apply = (...rows: string[]) => ask('/import/apply', lines(...rows));

const head = 'Number;Name;E-Mail;Date of birth;Phone;Department;Shoe size';

test('a list is looked at, then brought in, and bringing it in again changes nothing', async () => {
  await ask('/fields', { fields: [{ id: 'shoe', name: 'Shoe size', type: 'number' }] });
  const list = [
    head,
    '1;Ada Lovelace;ada@x.org;10.12.1985;+44 1;Engines;38,5',
    '2;王小明;;;;;',
    ';Hypatia;;;;;',
  ];
  const seen = await preview(...list);
  expect(seen).toMatchObject({
    hasHeader: true,
    columns: {
      number: 0,
      name: 1,
      email: 2,
      birthDate: 3,
      contact: 4,
      department: 5,
      'own.shoe': 6,
    },
    counts: { add: 2, change: 0, same: 0, wrong: 1 },
    total: 3,
  });
  expect(seen.rows[0]).toMatchObject({ line: 4, action: 'wrong', problems: ['number-missing'] });
  expect((await ask('')).total).toBe(1);
  expect(await apply(...list)).toEqual({ add: 2, change: 0, same: 0, wrong: 1 });
  expect(await apply(...list)).toEqual({ add: 0, change: 0, same: 2, wrong: 1 });
  const { people } = await ask('?query=ada');
  expect(await ask(`/${people[0].person}`)).toMatchObject({
    birthDate: '1985-12-10',
    contact: '+44 1',
    department: 'Engines',
    own: { shoe: '38.5' },
  });
  expect(await ask('/import')).toMatchObject({
    progress: { state: 'done', done: 3, total: 3, counts: { same: 2 } },
  });
});

test('an empty cell takes nothing away, and a preview shows what becomes other', async () => {
  await apply(head, '1;Ada;ada@x.org;;+44 1;Engines;');
  const { rows } = await preview(head, '1;Ada King;;;;Analysis;');
  expect(rows).toMatchObject([
    {
      action: 'change',
      changes: [
        { field: 'name', before: 'Ada', after: 'Ada King' },
        { field: 'department', before: 'Engines', after: 'Analysis' },
      ],
    },
  ]);
});

test('what is there twice is told with the line that stands', async () => {
  const { rows } = await preview('number,name,email', '1,Ada,a@x.org', '1,Bob,', '2,Carl,a@x.org');
  expect(rows.slice(0, 2)).toMatchObject([
    { line: 3, problems: ['duplicate-in-file'], firstLine: 2 },
    { line: 4, problems: ['duplicate-in-file'], firstLine: 2 },
  ]);
});

test('numbers and addresses of others, and numbers of before, are wrong', async () => {
  await apply('number,name,email', '1,Ada,a@x.org', '2,Bob,b@x.org');
  const { people } = await ask('?query=ada');
  await ask(`/${people[0].person}/erase`, { name: 'Ada' });
  const { rows } = await preview('number,name,email', '1,New,', '3,Carl,b@x.org');
  expect(rows).toMatchObject([{ problems: ['number-retired'] }, { problems: ['email-taken'] }]);
});

test('who has no number is known by the address', async () => {
  await ask('', { name: 'Ada', email: 'ada@x.org' });
  expect(await apply('number,name,email,job', ',Ada,ada@x.org,Analyst')).toMatchObject({
    change: 1,
  });
});

test('what is taken out comes back as it was; no cell begins as a formula; the ledger knows', async () => {
  await ask('', { name: '=cmd|calc', number: '1', contact: '+44 1', job: '@work' });
  const csv = await ask('.csv?query=cmd&state=all');
  expect(csv).toContain("'=cmd|calc");
  expect(csv).toContain("'+44 1");
  expect(await ask('/import/apply', { text: csv })).toEqual({
    add: 0,
    change: 0,
    same: 1,
    wrong: 0,
  });
  const events = await house.store.engine.read
    .selectFrom('event')
    .select(['actor', 'facts'])
    .where('type', '=', 'people.exported')
    .execute();
  expect(events).toEqual([{ actor: admin, facts: '{"people":1}' }]);
});

test('a large list gives the others their turn, and its progress can be asked meanwhile', async () => {
  const rows = Array.from({ length: 1_500 }, (_, index) => `${index},Name ${index}`);
  const importing = apply('number,name', ...rows);
  const seen: number[] = [];
  let isOver = false;
  void importing.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const { progress } = await ask('/import');
    if (progress) seen.push(progress.done);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await importing).toEqual({ add: 1_500, change: 0, same: 0, wrong: 0 });
  expect(new Set(seen).size).toBeGreaterThan(2);
  expect((await ask('?query=name')).total).toBe(1_500);
  const pages = [];
  for (let cursor = ''; cursor !== null; ) {
    const page = await ask(`?sort=number&query=name&cursor=${cursor}`);
    pages.push(...page.people.map(({ number }: { number: string }) => number));
    cursor = page.cursor;
  }
  expect(pages).toEqual(rows.map((_, index) => String(index)));
});

test.each(['', 'number,name', 'number,name\n"1,Ada'])('%j is no list', async (text) => {
  expect((await ask('/import/apply', { text })).code).toBe('import-unreadable');
});

test('only administrators bring in or take out', async () => {
  const host = await house.addPerson('Henri', 'host');
  for (const path of ['.csv', '/import', '/fields']) {
    expect((await house.ask(host, `/api/people${path}`)).status, path).toBe(403);
  }
  expect((await house.ask(host, '/api/people/import/apply', { text: 'x' })).status).toBe(403);
});
