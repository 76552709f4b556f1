import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instant } from './brand.ts';
import { makeTypedCode, parseTypedCode, typedCodesAt, typedStepMs } from './code.ts';

const secret = new Uint8Array(32).fill(1);
const instant = fc.integer({ min: 1_600_000_000_000, max: 4_000_000_000_000 });
const counts = (code: string, now: number) => typedCodesAt(secret, now as Instant).includes(code);

test('a typed code counts in its own minute and the one after it', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: -300_000, max: 300_000 }), (shown, delay) => {
      const code = makeTypedCode(secret, shown as Instant);
      const minute = (at: number) => Math.floor(at / typedStepMs);
      const age = minute(shown + delay) - minute(shown);
      expect(counts(code, shown + delay)).toBe(age === 0 || age === 1);
    }),
  );
});

test('a typed code ends at the exact millisecond', () => {
  const start = 30_000_000 * typedStepMs;
  const code = makeTypedCode(secret, start as Instant);
  const ends = [start - 1, start, start + 2 * typedStepMs - 1, start + 2 * typedStepMs];
  expect(ends.map((now) => counts(code, now))).toEqual([false, true, true, false]);
});

test('the first of the two codes is the one that is shown', () => {
  fc.assert(
    fc.property(instant, (now) => {
      const shown = makeTypedCode(secret, now as Instant);
      expect(typedCodesAt(secret, now as Instant)[0]).toBe(shown);
      expect(shown).not.toBe(makeTypedCode(new Uint8Array(32), now as Instant));
    }),
  );
});

test('a typed code is read as it was meant', () => {
  fc.assert(
    fc.property(instant, fc.constantFrom('i', 'l'), (now, one) => {
      const code = makeTypedCode(secret, now as Instant);
      const read = code.toLowerCase().replaceAll('0', 'o').replaceAll('1', one);
      expect(parseTypedCode(` ${read.slice(0, 3)} - ${read.slice(3)} `)).toBe(code);
    }),
  );
});

test.each(['', '12345', '1234567', 'ABCDEU', 'ABC!EF', `${' '.repeat(64)}ABCDEF`])(
  '%j is no typed code',
  (typed) => {
    expect(parseTypedCode(typed)).toEqual({ ok: false, code: 'code-malformed' });
  },
);
