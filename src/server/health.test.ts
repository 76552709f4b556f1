import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Health } from './health.ts';

function serving(): Health {
  const health = new Health();
  health.phase = 'serving';
  return health;
}

describe('Health', () => {
  test.each([
    ['starting', false, false],
    ['serving', true, true],
    ['draining', false, true],
    ['stopping', false, false],
  ] as const)(
    'while %s it is ready: %s, and answers requests: %s',
    async (phase, ready, serves) => {
      const health = new Health();
      expect(health.phase).toBe('starting');
      health.phase = phase;
      expect(health.serves).toBe(serves);
      expect(await health.look()).toEqual({
        ready,
        checks: { serving: ready ? 'ok' : phase },
      });
    },
  );

  test('one check that says why not is enough, and each says its own', async () => {
    const health = serving();
    health.register('clock', async () => 'is 3 s behind');
    health.register('database', async () => null);
    expect(await health.look()).toEqual({
      ready: false,
      checks: { serving: 'ok', clock: 'is 3 s behind', database: 'ok' },
    });
  });

  test('a check that throws is a check that fails, and what it threw is not told', async () => {
    const health = serving();
    health.register('database', async () => {
      throw new Error('password authentication failed for user "ada" at 10.0.0.7');
    });
    expect(await health.look()).toEqual({
      ready: false,
      checks: { serving: 'ok', database: 'does not answer' },
    });
  });

  test('many who ask at once and again cost one look', async () => {
    const health = serving();
    let looks = 0;
    health.register('database', async () => {
      looks += 1;
      return null;
    });
    await Promise.all(Array.from({ length: 500 }, () => health.look()));
    await health.look();
    expect(looks).toBe(1);
  });

  test('the phase is never told late, whatever is remembered of the checks', async () => {
    const health = serving();
    health.register('database', async () => null);
    expect((await health.look()).ready).toBe(true);
    health.phase = 'draining';
    expect((await health.look()).checks).toEqual({ serving: 'draining', database: 'ok' });
  });

  test('a check that hangs fails after a moment, is not asked again while it hangs, and is well when it ends', async () => {
    const health = serving();
    const { promise, resolve } = Promise.withResolvers<string | null>();
    let looks = 0;
    health.register('database', () => {
      looks += 1;
      return promise;
    });
    expect((await health.look()).checks.database).toBe('does not answer');
    await sleep(1_050);
    const second = health.look();
    resolve(null);
    expect((await second).ready).toBe(true);
    expect(looks).toBe(1);
  });
});
