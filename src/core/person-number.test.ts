import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkName, checkNumber, oneLine } from './person.ts';

// what tears a text apart, hides in it, or changes its length when its case or its form changes
const hostile = [
  ...' \t\n\u0085\u00a0\u2028\u3000\0\x1b\u00ad\u200b\u200c\u200d\u200e\u202e\u2066\ufeff\ud800',
  ...'\u0300\u0301\u0308\u0327\u0345ßŉǰΐΰςſªº²½ﬁİıiΑα\u1e9e\u0958\u1fb3Åﷺ１Ａ٣क한\u1100\u1161',
  ...'aeZ09./_-',
];
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 1 })),
  maxLength: 24,
});
const numberOf = (raw: string) => {
  const result = checkNumber(raw);
  return result.ok ? result.number : result.code;
};

test.each([
  ['007', '007'],
  [' 12 34 ', '1234'],
  ['ab-1/2.c_d', 'AB-1/2.C_D'],
  ['１２Ａ', '12A'],
  ['straße', 'STRASSE'],
  ['\u0390', '\u03aa\u0301'],
  ['e\u200b\u0301', '\u00c9'],
  ['i\u0307', '\u0130'],
  ['', 'number-missing'],
  [' \u200b ', 'number-missing'],
  ['-1', 'number-malformed'],
  ['1,2', 'number-malformed'],
  ['a\u200db', 'number-malformed'],
  ['9'.repeat(33), 'number-malformed'],
  [' '.repeat(201), 'number-malformed'],
])('the number %j is kept as %j', (raw, kept) => {
  expect(numberOf(raw)).toBe(kept);
});

test('a number that was kept once is kept as it is', () => {
  fc.assert(
    fc.property(text, (raw) => {
      const once = checkNumber(raw);
      if (once.ok) expect(checkNumber(once.number)).toEqual(once);
    }),
    { numRuns: 2_000 },
  );
});

test('a number is the same in either case and in any form of Unicode', () => {
  const form = fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD');
  fc.assert(
    fc.property(text, form, (raw, name) => {
      const once = checkNumber(raw);
      if (once.ok) {
        expect(checkNumber(once.number.normalize(name))).toEqual(once);
        expect(numberOf(raw.normalize(name))).toBe(once.number);
      }
    }),
  );
  for (const number of ['ab12', 'ÉCOLE-7', 'Straße 1', 'ΑΣ1'])
    expect(numberOf(number.toLowerCase())).toBe(numberOf(number));
});

test.each([
  ['  Ada \n Lovelace ', 'Ada Lovelace'],
  ['Ada \u200b Lovelace', 'Ada Lovelace'],
  ['Jose\u0301', 'José'],
  ['Jose\u200b\u0301', 'José'],
  ['نیم\u200cفاصله', 'نیم\u200cفاصله'],
  ['孫 悟空', '孫 悟空'],
])('the name %j is kept as %j', (raw, name) => {
  expect(checkName(raw)).toEqual({ ok: true, name });
});

test('a name that was kept once is kept as it is: one line, one space between words', () => {
  fc.assert(
    fc.property(text, (raw) => {
      const once = oneLine(raw);
      expect(oneLine(once)).toBe(once);
      expect(once).not.toMatch(/^\s|\s\s|\s$|[^\S ]/);
      const name = checkName(raw);
      if (name.ok) expect(checkName(name.name)).toEqual(name);
    }),
    { numRuns: 2_000 },
  );
});
