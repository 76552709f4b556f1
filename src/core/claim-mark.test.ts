import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimMark } from './claim-mark.ts';

test('a mark is four characters that can be read aloud, always the same', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (session, browser) => {
      expect(claimMark(session, browser)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(claimMark(session, browser)).toBe(claimMark(session, browser));
    }),
  );
});

test('a thousand phones have hardly two marks alike, and others in the next session', () => {
  const phones = Array.from({ length: 1_000 }, (_, index) => `phone-${index}`);
  const marks = phones.map((phone) => claimMark('session', phone));
  expect(new Set(marks).size).toBeGreaterThan(990);
  const kept = phones.filter((phone, index) => claimMark('next', phone) === marks[index]);
  expect(kept.length).toBeLessThan(3);
});
