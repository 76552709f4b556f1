import { expect, test } from 'vitest';
import { toParameter } from './mariadb-value.ts';

test('values go in as they are, bytes of any kind as bytes', () => {
  for (const value of ['text', '', 0, -1.5, true, 7n, null]) expect(toParameter(value)).toBe(value);
  const bytes = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
  expect(toParameter(bytes)).toEqual(Buffer.from([1, 2]));
});

test.each([[{ organisation: 'x' }], [['a', 'b']], [undefined], [new Date(0)], [() => 1]])(
  'nothing else does: %o would be more than a value in a statement',
  (value) => {
    expect(() => toParameter(value)).toThrow(TypeError);
  },
);
