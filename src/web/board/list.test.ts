import { describe, expect, it } from 'vitest';
import { type RecordState, unmarked } from '../../core/record.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import type { Status } from '../../core/status.ts';
import { likelyPeople, listPeople, matches } from './list.ts';

function person(number: string, name: string, more: Partial<BoardPerson> = {}): BoardPerson {
  const rest = { guest: false, record: unmarked, seq: 0, note: null, claims: [] };
  return { id: number, number, name, ...rest, ...more };
}
function came(status: Status, at: number, how: RecordState['how'] = 'code') {
  return { record: { ...unmarked, status, how, at: at as RecordState['at'] } };
}

const people = new Map(
  [
    person('10', 'Zoë Łuczak', came('present', 100)),
    // taken back or closed a moment ago is no reason to stand above others who are not there
    person('9', 'Anna Berg', { seq: 7 }),
    person('2', 'Ömer Şahin', came('late', 300)),
    person('007', 'José Núñez', came('absent', 900, 'closing')),
    person('11', 'Bo Li', { record: { ...unmarked, pending: true } }),
    person('3', 'Cy Xu', came('absent', 200, 'host')),
  ].map((one) => [one.id, one]),
);
const list = (tab: 'all' | 'missing' | 'here' | 'conflicts', query = '', state = 'open' as const) =>
  listPeople(people, { tab, order: 'newest', query }, state).map(({ number }) => number);

describe('the list', () => {
  it('has conflicts first, then the newest; who is not there comes last, by number', () => {
    expect(list('all')).toEqual(['11', '2', '3', '10', '007', '9']);
  });

  it('can be put in order of numbers, as numbers, or of names', () => {
    const order = (by: 'number' | 'name') =>
      listPeople(people, { tab: 'all', order: by, query: '' }, 'open').map(({ number }) => number);
    expect(order('number')).toEqual(['2', '3', '007', '9', '10', '11']);
    expect(order('name')[0]).toBe('9');
  });

  it('tells who is missing, while open and after closing', () => {
    expect(list('missing')).toEqual(['007', '9']);
    expect(
      listPeople(people, { tab: 'missing', order: 'number', query: '' }, 'closed'),
    ).toHaveLength(3);
    expect(list('here')).toEqual(['2', '10']);
    expect(list('conflicts')).toEqual(['11']);
  });

  it.each([
    ['zoe luczak', '10'],
    ['SAHIN', '2'],
    ['nunez 007', '007'],
    ['José', '007'],
    ['00', '007'],
  ])('finds %s', (query, number) => {
    expect(list('all', query)).toEqual([number]);
  });

  it('finds names of other scripts', () => {
    expect(matches(person('1', '李小龍'), '小龍')).toBe(true);
    expect(matches(person('1', 'Straße'), 'strasse')).toBe(true);
    expect(matches(person('1', 'Иван'), 'иван')).toBe(true);
  });
});

it('guesses whom a guest may be: same number first, then the same words in the name', () => {
  const guest = person('g', 'omer sahin', { guest: true, number: '9' });
  expect(
    likelyPeople(people, guest, '')
      .map(({ number }) => number)
      .slice(0, 2),
  ).toEqual(['9', '2']);
  expect(likelyPeople(people, guest, 'jose').map(({ number }) => number)).toEqual(['007']);
});
