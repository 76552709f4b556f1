import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Instant } from '../core/brand.ts';
import { Failures } from './failures.ts';
import { Guesses } from './guess.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const clock = { now: () => Date.now() as Instant };

test('one stranger who guesses many at once slows others and shuts nobody out', async () => {
  const guesses = new Guesses(new Failures(clock));
  const stranger = '192.0.2.66';
  for (let index = 0; index < 700; index += 1) guesses.noteWrong(undefined, stranger);
  const tries = Array.from({ length: 200 }, () => guesses.check(undefined, stranger));
  const sameNetwork = ['2001:db8::1', '2001:db8::2'].flatMap((address) =>
    Array.from({ length: 16 }, () => guesses.check(undefined, address)),
  );
  const pupil = guesses.check(undefined, '192.0.2.7');
  await vi.advanceTimersByTimeAsync(2_000);
  const passed = async (all: readonly ReturnType<Guesses['check']>[]) =>
    (await Promise.all(all)).filter(({ ok }) => ok).length;
  expect(await passed(tries)).toBe(16);
  expect(await passed(sameNetwork)).toBe(16);
  expect(await passed([pupil])).toBe(1);
  const later = guesses.check(undefined, stranger);
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await later).ok).toBe(true);
});

test('never more than 64 wait, from wherever they come', async () => {
  const guesses = new Guesses(new Failures(clock));
  for (let index = 0; index < 700; index += 1) guesses.noteWrong(undefined, '192.0.2.66');
  const tries = Array.from({ length: 100 }, (_, index) =>
    guesses.check(undefined, `198.51.100.${index}`),
  );
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await Promise.all(tries)).filter(({ ok }) => ok)).toHaveLength(64);
});
