import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instant } from './brand.ts';
import { makeId } from './id.ts';

const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((ms) => ms as Instant);
const randomness = fc.uint8Array({ minLength: 10, maxLength: 10 });
const make = (now: Instant, bytes: Uint8Array): string => makeId(now, { bytes: () => bytes });

test('an id is a UUID of version 7', () => {
  // the example of RFC 9562, appendix A.6
  const bytes = Uint8Array.from([0xfc, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  const made = make(0x017f22e279b0 as Instant, bytes);
  expect(made).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  fc.assert(
    fc.property(instant, randomness, (now, random) => {
      expect(make(now, random)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

test('the time can be read from it', () => {
  fc.assert(
    fc.property(instant, randomness, (now, bytes) => {
      const digits = make(now, bytes).replaceAll('-', '').slice(0, 12);
      expect(Number.parseInt(digits, 16)).toBe(now);
    }),
  );
});

test('ids sort by the time of making, whatever their randomness', () => {
  const low = new Uint8Array(10);
  const high = new Uint8Array(10).fill(255);
  fc.assert(
    fc.property(instant, instant, (left, right) => {
      fc.pre(left < right);
      expect(make(left, high) < make(right, low)).toBe(true);
    }),
  );
});

test('ids of one moment differ where their 74 random bits do', () => {
  const made = new Set<string>();
  for (let bit = 0; bit < 80; bit += 1) {
    const bytes = new Uint8Array(10);
    bytes[bit >> 3] = 1 << (bit & 7);
    made.add(make(0 as Instant, bytes));
  }
  // 74 of them, and the one that the six bits of version and variant leave as it is
  expect(made.size).toBe(75);
});
