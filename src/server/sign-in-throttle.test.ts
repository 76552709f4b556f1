import { expect, test } from 'vitest';
import type { Instant } from '../core/brand.ts';
import { SignInThrottle } from './sign-in-throttle.ts';

function machine() {
  let now = 1_800_000_000_000;
  const throttle = new SignInThrottle({ now: () => now as Instant });
  const attempt = (account: string, address = '192.0.2.1', device: string | null = null) => {
    const tried = throttle.begin(account, address, device);
    if (!tried.ok) return tried.detail?.retryAfter as number;
    tried.fail();
    return 0;
  };
  return {
    throttle,
    attempt,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('five wrong passwords are free, then each one doubles the waiting, up to a quarter of an hour', () => {
  const { attempt, pass } = machine();
  for (let index = 0; index < 5; index += 1) expect(attempt('a')).toBe(0);
  const waits: number[] = [];
  for (let index = 0; index < 13; index += 1) {
    const wait = attempt('a');
    waits.push(wait);
    pass(wait * 1_000);
    expect(attempt('a')).toBe(0);
  }
  expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
  expect(Math.max(...waits)).toBe(900);
  expect(attempt('b')).toBe(0);
});

test('waiting does not grow by asking again, and an hour later all is forgotten', () => {
  const { attempt, pass } = machine();
  for (let index = 0; index < 5; index += 1) attempt('a');
  for (let index = 0; index < 100; index += 1) expect(attempt('a')).toBe(1);
  pass(3_600_000);
  for (let index = 0; index < 5; index += 1) expect(attempt('a')).toBe(0);
});

test('many tries at once gain nothing: each counts from its beginning', () => {
  const { throttle } = machine();
  const begun = Array.from({ length: 50 }, () => throttle.begin('a', '192.0.2.1', null));
  expect(begun.filter(({ ok }) => ok)).toHaveLength(5);
});

test('success and a try that was not looked at count for nothing', () => {
  const { throttle, attempt } = machine();
  for (let index = 0; index < 4; index += 1) attempt('a');
  for (let index = 0; index < 20; index += 1) {
    const tried = throttle.begin('a', '192.0.2.1', null);
    if (tried.ok) tried.abandon();
    expect(tried.ok).toBe(true);
  }
  const tried = throttle.begin('a', '192.0.2.1', null);
  if (tried.ok) tried.succeed();
  for (let index = 0; index < 5; index += 1) expect(attempt('a')).toBe(0);
});

test('a known browser passes both throttles up to its own budget', () => {
  const { attempt } = machine();
  for (let index = 0; index < 400; index += 1) attempt(`other ${index}`);
  for (let index = 0; index < 20; index += 1) attempt('a', '192.0.2.9');
  expect(attempt('a', '192.0.2.9')).toBeGreaterThan(0);
  for (let index = 0; index < 10; index += 1) expect(attempt('a', '192.0.2.1', 'device')).toBe(0);
  expect(attempt('a', '192.0.2.1', 'device')).toBeGreaterThan(0);
});

test('an address that tried 300 accounts wrong waits, another one does not; IPv6 counts by network', () => {
  const { attempt, pass } = machine();
  for (let index = 0; index < 300; index += 1) expect(attempt(`a${index}`, '2001:db8::1')).toBe(0);
  expect(attempt('b', '2001:db8:0:0:ffff::2')).toBe(60);
  expect(attempt('b', '2001:db8:0:1::2')).toBe(0);
  expect(attempt('b', '192.0.2.1')).toBe(0);
  pass(600_000);
  expect(attempt('b', '2001:db8::1')).toBe(0);
});

test('a clock that was wrong by a day and is set back locks nobody out', () => {
  const { attempt, pass } = machine();
  pass(86_400_000);
  for (let index = 0; index < 300; index += 1) attempt(`a${index}`);
  for (let index = 0; index < 5; index += 1) attempt('a', '192.0.2.2');
  pass(-86_400_000);
  expect(attempt('a', '192.0.2.2')).toBe(0);
  expect(attempt('b', '192.0.2.1')).toBe(0);
});
