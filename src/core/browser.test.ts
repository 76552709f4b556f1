import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instant } from './brand.ts';
import { makeBrowser, readBrowser } from './browser.ts';

const key = new Uint8Array(32).fill(7);
const otherKey = new Uint8Array(32).fill(8);
const instant = fc.integer({ min: 0, max: 2 ** 45 - 1 }).map((ms) => ms as Instant);
const randomness = fc.uint8Array({ minLength: 7, maxLength: 7 });
const make = (now: Instant, bytes: Uint8Array) => makeBrowser(key, now, { bytes: () => bytes });

test('a cookie of ours gives the browser back, and under no other key', () => {
  fc.assert(
    fc.property(instant, randomness, (now, bytes) => {
      const { browser, cookie } = make(now, bytes);
      expect(cookie).toMatch(/^[0-9A-Z]{36}$/);
      expect(readBrowser(key, cookie)).toBe(browser);
      expect(readBrowser(otherKey, cookie)).toBeUndefined();
    }),
  );
});

test('a cookie with one changed character is not ours', () => {
  const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
  fc.assert(
    fc.property(instant, randomness, fc.nat(35), character, (now, bytes, place, other) => {
      const { cookie } = make(now, bytes);
      fc.pre(cookie[place] !== other);
      const changed = cookie.slice(0, place) + other + cookie.slice(place + 1);
      expect(readBrowser(key, changed)).toBeUndefined();
    }),
  );
});

test('whatever else a browser sends is no browser', () => {
  const { browser, cookie } = make(0 as Instant, new Uint8Array(7));
  const others = [undefined, '', browser, `${cookie}0`, cookie.slice(1), cookie.toLowerCase()];
  for (const text of others) expect(readBrowser(key, text)).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 30, maxLength: 40 }), (text) => {
      expect(readBrowser(key, text)).toBeUndefined();
    }),
  );
});

test('browsers sort by the time of their first visit', () => {
  fc.assert(
    fc.property(instant, instant, randomness, randomness, (left, right, one, two) => {
      fc.pre(left < right);
      expect(make(left, one).browser < make(right, two).browser).toBe(true);
    }),
  );
});
