import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('commas, quotes and line ends stay inside their cell', () => {
  expect(toCsv([['a,b', 'c"d', 'e\nf', 1, null]])).toBe('\uFEFF"a,b","c""d","e\nf",1,\r\n');
});

test.each(['=1+1', '+1', '-1', '@x', '\t=1'])('%j is no formula', (text) => {
  expect(toCsv([[text]])).toBe(`\uFEFF'${text}\r\n`);
});

test('a negative number stays a number', () => {
  expect(toCsv([[-1]])).toBe('\uFEFF-1\r\n');
});
