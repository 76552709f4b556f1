import { describe, expect, it } from 'vitest';
import { createServerClock } from './server-clock.ts';

/** A server 40 s ahead, and a line with the given delays. */
function line() {
  let local = 1_000;
  const ahead = 40_000;
  const clock = createServerClock(() => local);
  return {
    clock,
    ping(there: number, back: number, step = 0) {
      const sentAt = local;
      const serverTime = local + there + ahead + step;
      local += there + back;
      clock.answered(sentAt, serverTime);
    },
    frame(delay: number) {
      local += delay;
      clock.heard(local - delay + ahead);
    },
    error: (step = 0) => clock.now() - (local + ahead + step),
  };
}

describe('the server clock', () => {
  it('is the local one before anything was heard', () => {
    expect(createServerClock(() => 7).now()).toBe(7);
  });

  it('is as near as half the quickest round trip, whatever comes later', () => {
    const { ping, error } = line();
    ping(5, 5);
    expect(Math.abs(error())).toBeLessThanOrEqual(5);
    ping(2_000, 10);
    ping(10, 3_000);
    expect(Math.abs(error())).toBeLessThanOrEqual(5);
  });

  it('takes the least delayed frame while no ping was answered', () => {
    const { frame, error } = line();
    frame(300);
    frame(20);
    frame(900);
    expect(error()).toBe(-20);
  });

  it('follows a clock that was set, backwards and forwards', () => {
    const { ping, error } = line();
    ping(5, 5);
    ping(5, 5, -60_000);
    expect(Math.abs(error(-60_000))).toBeLessThanOrEqual(5);
    ping(5, 5, 90_000);
    expect(Math.abs(error(90_000))).toBeLessThanOrEqual(5);
  });
});
