// A group’s list on every engine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GroupId, LocalDate, PersonId } from '../../src/core/brand.ts';
import type { CheckedRow } from '../../src/core/roster.ts';
import { listEnrolments } from '../../src/store/enrolment.ts';
import { insertGroup } from '../../src/store/group.ts';
import { loadPeople } from '../../src/store/person.ts';
import { applyRoster, previewRoster } from '../../src/store/roster.ts';
import { engineNames } from '../engines.ts';
import { times } from '../jar.ts';
import { openStores, type Stores } from './open-store.ts';

describe.each(engineNames)('a roster on %s', (name) => {
  let stores: Stores;
  let group: GroupId;
  beforeAll(async () => {
    stores = await openStores(name);
    group = await insertGroup(stores.first, 'operator' as PersonId, {
      name: 'Übung "A"',
      settings: {} as never,
    });
  });
  afterAll(() => stores[Symbol.asyncDispose]());

  const row = (number: string, text: string, email: string | null = null): CheckedRow => ({
    line: 1,
    number,
    name: text,
    email,
    problems: [],
  });
  const order = () => ({
    group,
    from: { date: '2026-01-01' as LocalDate, named: true },
    mayRename: true,
    knows: null,
  });
  const apply = async (rows: readonly CheckedRow[], store = stores.first) =>
    (await applyRoster(store, order(), 'operator', rows)).map(({ action }) => action);
  const known = async (...number: string[]) => {
    const people = await loadPeople(stores.second, stores.second.engine.read, { number });
    return new Map(people.map((person) => [person.number, person]));
  };

  test('of any names and a thousand people comes in once, and changes nothing the second time', async () => {
    const names = ['Zoë', 'محمد', '王小明', "O'Brien", '👩‍🏫', 'İstanbul', '=1+1', '\\', 'a%b_c'];
    const rows = Array.from({ length: 1_000 }, (_, index) =>
      row(`B${index}`, names[index % names.length] as string, `b${index}@example.org`),
    );
    for (let start = 0; start < rows.length; start += 250) {
      expect(new Set(await apply(rows.slice(start, start + 250)))).toEqual(new Set(['add']));
    }
    expect(new Set(await apply(rows, stores.second))).toEqual(new Set(['same']));
    const people = await known('B0', 'B4', 'B7');
    expect(['B0', 'B4', 'B7'].map((number) => people.get(number)?.name)).toEqual([
      'Zoë',
      '👩‍🏫',
      '\\',
    ]);
    expect((await listEnrolments(stores.first, group)).size).toBe(1_000);
  });

  test('renames, and gives an address on that nobody has any more', async () => {
    await apply([row('C1', 'Ada', 'c1@example.org'), row('C2', 'Bob')]);
    expect(await apply([row('C1', 'Ada Lovelace', 'new@example.org')])).toEqual(['change']);
    expect(await apply([row('C2', 'Bob', 'c1@example.org')], stores.second)).toEqual(['change']);
    const people = await known('C1', 'C2');
    expect(people.get('C1')).toMatchObject({ name: 'Ada Lovelace', email: 'new@example.org' });
    expect(people.get('C2')).toMatchObject({ name: 'Bob', email: 'c1@example.org' });
    const [taken] = await previewRoster(stores.first, order(), [
      row('C3', 'Eve', 'new@example.org'),
    ]);
    expect(taken).toMatchObject({ action: 'wrong', problems: ['email-taken'] });
  });

  test('brought in from both instances at once adds each person once', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => row(`D${index}`, `D ${index}`));
    const actions = await times(6, (index) =>
      apply(index < 3 ? rows : [...rows].reverse(), stores.turn(index)),
    );
    expect(actions.flat().filter((action) => action === 'add')).toHaveLength(60);
    expect((await known(...rows.map(({ number }) => number))).size).toBe(60);
  });

  test('leaves a ledger that holds', async () => {
    expect(await stores.faults()).toEqual([]);
  });
});
