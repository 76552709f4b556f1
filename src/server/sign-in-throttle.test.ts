import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteFailures } from '../store/failure.ts';
import { openThrowaway, type Throwaway } from '../store/throwaway.ts';
import { SignInThrottle } from './sign-in-throttle.ts';

let place: Throwaway;
let throttle: SignInThrottle;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  throttle = new SignInThrottle(place.store);
});
afterEach(() => place[Symbol.asyncDispose]());

/** A wrong password; how many seconds to wait where it is not looked at. */
async function attempt(account: string, address = '192.0.2.1', device: string | null = null) {
  const tried = await throttle.begin(account, address, device);
  if (!tried.ok) return tried.detail?.retryAfter as number;
  await tried.fail();
  return 0;
}

const pass = (ms: number): void => {
  place.clock.at += ms;
};

/** Wrong passwords of one network for ever other accounts. */
const attack = (network: string, count: number) =>
  noteFailures(
    place.store,
    Array.from({ length: count }, () => [{ subject: `network/${network}`, windowMs: 600_000 }]),
  );

test('five wrong passwords are free, then each one doubles the waiting, up to a quarter of an hour', async () => {
  for (let index = 0; index < 5; index += 1) expect(await attempt('a')).toBe(0);
  const waits: number[] = [];
  for (let index = 0; index < 13; index += 1) {
    const wait = await attempt('a');
    waits.push(wait);
    pass(wait * 1_000);
    expect(await attempt('a')).toBe(0);
  }
  expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
  expect(Math.max(...waits)).toBe(900);
  expect(await attempt('b')).toBe(0);
});

test('waiting does not grow by asking again, and an hour later all is forgotten', async () => {
  for (let index = 0; index < 5; index += 1) await attempt('a');
  for (let index = 0; index < 100; index += 1) expect(await attempt('a')).toBe(1);
  pass(3_600_000);
  for (let index = 0; index < 5; index += 1) expect(await attempt('a')).toBe(0);
});

test('many tries at once gain nothing, on two instances neither: each counts from its beginning', async () => {
  const other = new SignInThrottle(place.store);
  const begun = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      (index % 2 === 0 ? throttle : other).begin('a', '192.0.2.1', null),
    ),
  );
  expect(begun.filter(({ ok }) => ok)).toHaveLength(5);
});

test('success and a try that was not looked at count for nothing', async () => {
  for (let index = 0; index < 4; index += 1) await attempt('a');
  for (let index = 0; index < 20; index += 1) {
    const tried = await throttle.begin('a', '192.0.2.1', null);
    if (tried.ok) await tried.abandon();
    expect(tried.ok).toBe(true);
  }
  const tried = await throttle.begin('a', '192.0.2.1', null);
  if (tried.ok) await tried.succeed();
  for (let index = 0; index < 5; index += 1) expect(await attempt('a')).toBe(0);
});

test('a known browser passes both throttles up to its own budget', async () => {
  await attack('192.0.2.1', 400);
  for (let index = 0; index < 20; index += 1) await attempt('a', '192.0.2.9');
  expect(await attempt('a', '192.0.2.9')).toBeGreaterThan(0);
  for (let index = 0; index < 10; index += 1) {
    expect(await attempt('a', '192.0.2.1', 'device')).toBe(0);
  }
  expect(await attempt('a', '192.0.2.1', 'device')).toBeGreaterThan(0);
});

test('an address that tried 300 accounts wrong waits, another one does not; IPv6 counts by network', async () => {
  for (let index = 0; index < 300; index += 1) {
    expect(await attempt(`a${index}`, '2001:db8::1')).toBe(0);
  }
  expect(await attempt('b', '2001:db8:0:0:ffff::2')).toBe(60);
  expect(await attempt('b', '2001:db8:0:1::2')).toBe(0);
  expect(await attempt('b', '192.0.2.1')).toBe(0);
  pass(600_000);
  expect(await attempt('b', '2001:db8::1')).toBe(0);
});

test('a clock that was wrong by a day and is set back locks nobody out', async () => {
  pass(86_400_000);
  await attack('192.0.2.1', 300);
  for (let index = 0; index < 5; index += 1) await attempt('a', '192.0.2.2');
  pass(-86_400_000);
  expect(await attempt('a', '192.0.2.2')).toBe(0);
  expect(await attempt('b', '192.0.2.1')).toBe(0);
});
