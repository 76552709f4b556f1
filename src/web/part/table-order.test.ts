import { expect, test } from 'vitest';
import { compareCells, matches, nextOrder, readOrder } from './table-order.ts';

test('three presses sort up, down and not at all', () => {
  expect(nextOrder('', 'name')).toBe('name');
  expect(nextOrder('name', 'name')).toBe('-name');
  expect(nextOrder('-name', 'name')).toBe('');
  expect(nextOrder('-number', 'name')).toBe('name');
});

test('an order in the address is read', () => {
  expect(readOrder('-rate')).toEqual({ column: 'rate', down: true });
  expect(readOrder('')).toBeNull();
});

test('numbers in texts sort by size and empty cells come last either way', () => {
  const cells = ['B10', null, 'B2', 'a1'];
  const sort = (down: boolean) => cells.toSorted((a, b) => compareCells(a, b, down));
  expect(sort(false)).toEqual(['a1', 'B2', 'B10', null]);
  expect(sort(true)).toEqual(['B10', 'B2', 'a1', null]);
});

test('a search knows no accents, no case and no order of words', () => {
  expect(matches('muller jo', ['0017', 'Jörg Müller'])).toBe(true);
  expect(matches('0017', ['0017', 'Jörg Müller'])).toBe(true);
  expect(matches('meier', ['0017', 'Jörg Müller'])).toBe(false);
});
