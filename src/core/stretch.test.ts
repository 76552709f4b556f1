import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extendStretches, longestStretchMs, type Stretch } from './stretch.ts';

const steps = fc.array(fc.integer({ min: -60_000, max: 10 * 60_000 }), { maxLength: 800 });
const numbered = (given: readonly number[]) => {
  let at = 10_000_000;
  return given.map((step, index) => {
    at += step;
    return { seq: index + 1, at };
  });
};

describe('stretches of a stream', () => {
  test('hold every event once, in order of time, and none is long', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const events = numbered(given);
        const stretches = extendStretches(null, events);
        let next = 1;
        for (const { first, last, fromAt, untilAt } of stretches) {
          expect(first).toBe(next);
          const own = events.slice(first - 1, last);
          expect(own.map(({ at }) => at)).toEqual(
            own.map(({ at }) => at).sort((left, right) => left - right),
          );
          expect([own[0]?.at, own.at(-1)?.at]).toEqual([fromAt, untilAt]);
          expect(untilAt - fromAt).toBeLessThanOrEqual(longestStretchMs);
          expect(own.length).toBeLessThanOrEqual(256);
          next = last + 1;
        }
        expect(next).toBe(events.length + 1);
      }),
    );
  });

  test('are the same however often one looks', () => {
    fc.assert(
      fc.property(steps, fc.nat(800), (given, cut) => {
        const events = numbered(given);
        const whole = extendStretches(null, events);
        const some = extendStretches(null, events.slice(0, cut));
        const end: Stretch | null = some.at(-1) ?? null;
        const rest = extendStretches(end, events.slice(cut));
        const kept = rest[0]?.first === end?.first ? some.slice(0, -1) : some;
        expect([...kept, ...rest]).toEqual(whole);
      }),
    );
  });
});
