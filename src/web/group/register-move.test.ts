import { expect, test } from 'vitest';
import { moveCell } from './register-move.ts';

const at = (row: number, column: number) => ({ row, column });

test.each([
  ['ArrowDown', at(2, 1)],
  ['ArrowUp', at(0, 1)],
  ['ArrowLeft', at(1, 0)],
  ['ArrowRight', at(1, 2)],
  ['Home', at(1, 0)],
  ['End', at(1, 4)],
  ['PageDown', at(9, 1)],
])('%s moves the cursor', (key, place) => {
  expect(moveCell(at(1, 1), key, 10, 5)).toEqual(place);
});

test('the cursor stays inside', () => {
  expect(moveCell(at(0, 0), 'ArrowUp', 10, 5)).toEqual(at(0, 0));
  expect(moveCell(at(9, 4), 'ArrowRight', 10, 5)).toEqual(at(9, 4));
});

test('another key moves nothing', () => {
  expect(moveCell(at(0, 0), 'p', 10, 5)).toBeNull();
});
