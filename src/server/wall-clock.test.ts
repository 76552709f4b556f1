import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { millisecondsSinceBoot, type Timers, watchClock } from './wall-clock.ts';

/** A machine whose clocks and timer are moved by hand. */
function machine() {
  const clock = { wall: 1_800_000_000_000, monotonic: 50_000 };
  const said: string[] = [];
  let running: (() => void) | undefined;
  const timers: Timers = {
    every(_ms, tick) {
      running = tick;
      return () => {
        running = undefined;
      };
    },
  };
  const watch = watchClock({
    wall: () => clock.wall,
    monotonic: () => clock.monotonic,
    everyMs: 1000,
    thresholdMs: 2000,
    onSleep: (ms) => said.push(`slept ${ms}`),
    onStep: (ms) => said.push(`stepped ${ms}`),
    timers,
  });
  const pass = (wallMs: number, monotonicMs: number) => {
    clock.wall += wallMs;
    clock.monotonic += monotonicMs;
    running?.();
  };
  return { said, pass, watch };
}

describe('watchClock', () => {
  test('says nothing while both clocks go on, early, late or slewed a little', () => {
    const { said, pass } = machine();
    pass(1000, 1000);
    pass(990, 990);
    pass(2900, 2900);
    for (let second = 0; second < 3600; second += 1) pass(1000.5, 1000);
    expect(said).toEqual([]);
  });

  test('both clocks jump: the machine slept', () => {
    const { said, pass } = machine();
    pass(1000, 1000);
    pass(3_601_000, 3_601_000);
    pass(1000, 1000);
    expect(said).toEqual(['slept 3600000']);
  });

  test('only the wall clock jumps: it was set, and is said once', () => {
    const { said, pass } = machine();
    pass(61_000, 1000);
    pass(1000, 1000);
    pass(-59_000, 1000);
    pass(1000, 1000);
    expect(said).toEqual(['stepped 60000', 'stepped -60000']);
  });

  test('the threshold itself is not yet a step', () => {
    const { said, pass } = machine();
    pass(3000, 1000);
    pass(3001, 1000);
    expect(said).toEqual(['stepped 2001']);
  });

  test('a clock set during sleep is both', () => {
    const { said, pass } = machine();
    pass(7_200_000, 601_000);
    expect(said).toEqual(['slept 600000', 'stepped 6599000']);
  });

  test('says nothing more once stopped', async () => {
    const { said, pass, watch } = machine();
    watch.stop();
    watch.stop();
    pass(61_000, 1000);
    await watch[Symbol.asyncDispose]();
    expect(said).toEqual([]);
  });

  test('on real timers a process that stands still is noticed, its clock is not blamed', async () => {
    const said: string[] = [];
    await using _watch = watchClock({
      wall: () => Date.now(),
      monotonic: () => performance.now(),
      everyMs: 5,
      thresholdMs: 100,
      onSleep: () => said.push('slept'),
      onStep: () => said.push('stepped'),
    });
    await pause(20);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    await pause(20);
    expect(new Set(said)).toEqual(new Set(['slept']));
  });
});

test('time since boot goes on and stands in milliseconds', async () => {
  const before = millisecondsSinceBoot();
  await pause(1100);
  const elapsed = millisecondsSinceBoot() - before;
  expect(elapsed).toBeGreaterThanOrEqual(900);
  expect(elapsed).toBeLessThan(10_000);
});
