import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './ledger.ts';

describe('canonical JSON', () => {
  const reorder = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reorder);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(([key, entry]) => [key, reorder(entry)]);
    return Object.fromEntries([...entries.reverse(), ['not there', undefined]]);
  };

  test('is independent of the order of keys, and loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written = canonicalJson(value);
        expect(canonicalJson(reorder(value))).toBe(written);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([
    [{ b: 1, a: [2, undefined, null], c: undefined }, '{"a":[2,null,null],"b":1}'],
    [{ é: '"', z: -0 }, '{"z":0,"é":"\\""}'],
    [[], '[]'],
    [{}, '{}'],
    [null, 'null'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
