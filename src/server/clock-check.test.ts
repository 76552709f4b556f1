import pino from 'pino';
import { expect, test } from 'vitest';
import type { Instant } from '../core/brand.ts';
import { DatabaseClock } from '../store/database-clock.ts';
import type { Store } from '../store/store.ts';
import { checkClock } from './clock-check.ts';
import { Health } from './health.ts';
import { Metrics } from './metrics.ts';

/** What /readyz says of the clock of a machine that is off by so many milliseconds. */
async function look({ offMs = 0, silentMs = 0 }) {
  const at = { time: 1_800_000_000_000, monotonic: 0, away: false };
  const clock = await DatabaseClock.start({
    engine: {
      async serverTime() {
        if (at.away) throw new Error('away');
        return at.time;
      },
    },
    wall: { now: () => (at.time + offMs) as Instant },
    monotonic: () => at.monotonic,
  });
  at.away = true;
  at.time += silentMs;
  at.monotonic += silentMs;
  const health = new Health();
  const metrics = new Metrics({ watchers: () => 0, isReady: async () => true, leases: () => [] });
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(line) });
  checkClock({ store: { clock } as unknown as Store, health, metrics, log });
  const said = (await health.look()).checks.clock;
  await clock[Symbol.asyncDispose]();
  return { said, logged, metrics: (await metrics.render()).text };
}

test('a clock within a second of the database server’s is well', async () => {
  expect((await look({ offMs: 990 })).said).toBe('ok');
  expect((await look({ offMs: -990, silentMs: 29_000 })).said).toBe('ok');
});

test('says by how much it is off, which way, and what to do', async () => {
  const { said, logged, metrics } = await look({ offMs: -1_600 });
  expect(said).toBe(
    '1.6 s behind the database server’s: set both by a time server (timedatectl set-ntp true)',
  );
  expect(logged).toHaveLength(1);
  expect(metrics).toMatch(/^muster_clock_skew_seconds -1\.6/m);
  expect((await look({ offMs: 61_000 })).said).toMatch(/^61\.0 s ahead of the database server’s/);
});

test('is not trusted when the server has not told the time for half a minute', async () => {
  expect((await look({ silentMs: 31_000 })).said).toBe(
    'not compared with the database server’s for 31 s: the server does not tell the time',
  );
});
