import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instant } from '../core/brand.ts';
import { DatabaseClock } from './database-clock.ts';

const start = Date.parse('2026-11-23T08:00:00Z');

/** A machine and a database server whose clocks are turned by hand; a question takes as long as is said. */
function twoMachines() {
  const at = {
    server: start,
    wall: start,
    monotonic: 5_000,
    /** Milliseconds to the server and back. */
    there: 1,
    back: 1,
    away: false,
    asked: 0,
  };
  const pass = (ms: number) => {
    at.server += ms;
    at.wall += ms;
    at.monotonic += ms;
  };
  const ports = {
    engine: {
      async serverTime() {
        at.asked += 1;
        if (at.away) throw new Error('away');
        pass(at.there);
        const told = Math.floor(at.server);
        pass(at.back);
        return told;
      },
    },
    wall: { now: () => Math.floor(at.wall) as Instant },
    monotonic: () => at.monotonic,
  };
  return { at, pass, ports };
}

test('the time is the server’s, whatever the machine’s own clock says', async () => {
  const { at, pass, ports } = twoMachines();
  at.wall -= 5_000;
  await using clock = await DatabaseClock.start(ports);
  pass(60_000);
  expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(2);
  expect(Math.abs(clock.skewMs + 5_000)).toBeLessThanOrEqual(2);
});

test('of several questions the one with the shortest way counts', async () => {
  const { at, ports } = twoMachines();
  const ways = [400, 2, 300];
  const { serverTime } = ports.engine;
  ports.engine.serverTime = () => {
    at.back = ways.shift() ?? 1;
    return serverTime();
  };
  await using clock = await DatabaseClock.start(ports);
  expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(3);
});

test('a slow answer does not spoil what a quick one told', async () => {
  const { at, pass, ports } = twoMachines();
  await using clock = await DatabaseClock.start(ports);
  pass(2_000);
  at.back = 900;
  await clock.follow();
  expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(3);
});

test('a small step back is waited for, and time never runs backwards', async () => {
  const { at, pass, ports } = twoMachines();
  await using clock = await DatabaseClock.start(ports);
  at.server -= 200;
  let last = clock.now();
  await clock.follow();
  for (let step = 0; step < 250; step += 1) {
    pass(10);
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
  expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(3);
});

test('a large step is taken at once, back and forth', async () => {
  const { at, ports } = twoMachines();
  await using clock = await DatabaseClock.start(ports);
  for (const step of [-3_000, 7_000]) {
    at.server += step;
    await clock.follow();
    expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(3);
  }
});

test('a machine that slept asks at the first look at the time', async () => {
  const { at, ports } = twoMachines();
  await using clock = await DatabaseClock.start(ports);
  const { asked } = at;
  at.server += 3_600_000;
  at.wall += 3_600_000;
  clock.now();
  await clock.follow();
  expect(at.asked).toBeGreaterThan(asked);
  expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(3);
});

test('an answer that a sleep went over tells nothing', async () => {
  const { at, ports } = twoMachines();
  await using clock = await DatabaseClock.start(ports);
  const { serverTime } = ports.engine;
  let left = 2;
  ports.engine.serverTime = async () => {
    const told = await serverTime();
    left -= 1;
    if (left === 0) {
      at.server += 600_000;
      at.wall += 600_000;
    }
    return told;
  };
  await clock.follow();
  expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(3);
});

test('a server that is away is not asked in vain for ever: the clock goes on, and says how long', async () => {
  const { at, pass, ports } = twoMachines();
  await using clock = await DatabaseClock.start(ports);
  at.away = true;
  pass(31_000);
  await clock.follow();
  expect(clock.silentMs).toBeGreaterThanOrEqual(31_000);
  expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(3);
  at.away = false;
  await clock.follow();
  expect(clock.silentMs).toBeLessThan(1_000);
});

test('a server that never answered lets nobody start', async () => {
  const { at, ports } = twoMachines();
  at.away = true;
  await expect(DatabaseClock.start(ports)).rejects.toThrow('away');
});

test('two instances with clocks apart agree, whatever the network between does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ there: fc.nat(400), back: fc.nat(400), pass: fc.nat(4_000) }), {
        minLength: 1,
        maxLength: 20,
      }),
      fc.integer({ min: -100_000, max: 100_000 }),
      async (rounds, apart) => {
        const { at, pass, ports } = twoMachines();
        at.wall += apart;
        await using clock = await DatabaseClock.start(ports);
        for (const { there, back, ...round } of rounds) {
          pass(round.pass);
          Object.assign(at, { there, back });
          await clock.follow();
          // the first answers had one millisecond each way
          expect(Math.abs(clock.now() - at.server)).toBeLessThanOrEqual(4 + 0.000_4 * 100_000);
        }
      },
    ),
    { numRuns: 50 },
  );
});
