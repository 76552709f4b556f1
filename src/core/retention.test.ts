import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from './brand.ts';
import { localDate } from './local-time.ts';
import { describePolicy, writePolicy } from './privacy.ts';
import {
  type BegunRun,
  cutoffOf,
  defaultRules,
  findRun,
  laxer,
  listStricter,
  type RetentionRule,
  retentionKinds,
} from './retention.ts';

const instant = fc
  .integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) })
  .map((at) => at as Instant);
// half an hour of summer time, a skipped day, a day that begins at one o'clock
const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Cairo',
  'Asia/Kathmandu',
);
const rule = fc.oneof(
  fc.record({ unit: fc.constant('days' as const), count: fc.integer({ min: 1, max: 3_650 }) }),
  fc.record({ unit: fc.constant('months' as const), count: fc.integer({ min: 1, max: 240 }) }),
);

const dayOf = (at: number, in_: string) => Temporal.PlainDate.from(localDate(at as Instant, in_));

describe('a cut-off', () => {
  test('never lets go what has not reached its age by the calendar on the wall', () => {
    fc.assert(
      fc.property(instant, zone, rule, (now, in_, { unit, count }) => {
        const cutoff = cutoffOf({ unit, count }, now, in_) as number;
        const youngest = dayOf(cutoff - 1, in_);
        const ofAge = youngest.add({ [unit]: count });
        expect(Temporal.PlainDate.compare(ofAge, dayOf(now, in_))).toBeLessThan(0);
      }),
    );
  });

  test('lets go everything whose age was reached on an earlier day', () => {
    fc.assert(
      fc.property(instant, zone, rule, fc.nat(400), (now, in_, { unit, count }, ago) => {
        const today = dayOf(now, in_);
        const made = today.subtract({ [unit]: count }).subtract({ days: ago + 1 });
        const last = made.add({ days: 1 }).toZonedDateTime(in_).epochMilliseconds - 1;
        expect(last).toBeLessThan(cutoffOf({ unit, count }, now, in_) as number);
      }),
    );
  });

  test('is the same for the whole day, and never goes back', () => {
    fc.assert(
      fc.property(instant, fc.nat(5 * 86_400_000), zone, rule, (now, later, in_, one) => {
        const first = cutoffOf(one, now, in_) as number;
        const second = cutoffOf(one, (now + later) as Instant, in_) as number;
        expect(second).toBeGreaterThanOrEqual(first);
        const isSameDay = localDate(now, in_) === localDate((now + later) as Instant, in_);
        if (isSameDay) expect(second).toBe(first);
      }),
    );
  });

  test('of a shorter time comes later; what is kept for ever has none', () => {
    fc.assert(
      fc.property(instant, zone, rule, (now, in_, { unit, count }) => {
        const longer: RetentionRule = { unit, count: count + 1 };
        expect(cutoffOf(longer, now, in_) as number).toBeLessThanOrEqual(
          cutoffOf({ unit, count }, now, in_) as number,
        );
      }),
    );
    expect(cutoffOf(null, 0 as Instant, 'UTC')).toBeNull();
  });
});

test('the kinds of which more goes by other rules are told', () => {
  const now = Date.UTC(2027, 5, 1) as Instant;
  const stricter = (change: object) =>
    listStricter(defaultRules, { ...defaultRules, ...change }, now, 'UTC');
  expect(stricter({})).toEqual([]);
  expect(stricter({ evidence: null, access: { count: 400, unit: 'days' } })).toEqual([]);
  expect(stricter({ notes: { count: 20, unit: 'months' } })).toEqual(['notes']);
  expect(stricter({ evidence: { count: 360, unit: 'days' } })).toEqual(['evidence']);
});

test('of two runs the one that keeps more is gone by', () => {
  const left = { evidence: 5 as Instant, notes: 1 as Instant };
  const right = { evidence: 3 as Instant, mail: 9 as Instant };
  expect(laxer(left, right)).toEqual({ evidence: 3 });
});

describe('what destroyed an event', () => {
  const runs = [
    { at: 10 as Instant, cutoffs: { evidence: 5 as Instant } },
    { at: 20 as Instant, cutoffs: { evidence: 15 as Instant } },
  ];
  const find = (type: string, receivedAt: number, isFree?: (run: BegunRun) => boolean) =>
    findRun(runs, { type, receivedAt: receivedAt as Instant }, isFree)?.at ?? null;

  test('is the first run whose cut-off lies behind it', () => {
    expect([find('check-in', 4), find('check-in', 5), find('check-in', 15)]).toEqual([
      10,
      20,
      null,
    ]);
  });
  test('is none that says to let go what came after it', () => {
    const forged = [{ at: 10 as Instant, cutoffs: { evidence: 9e15 as Instant } }];
    const by = (receivedAt: number) =>
      findRun(forged, { type: 'check-in', receivedAt: receivedAt as Instant });
    expect([by(9)?.at, by(10)]).toEqual([10, null]);
  });
  test('is none for another type', () => {
    expect(find('note', 4)).toBeNull();
    expect(find('group.created', 4)).toBeNull();
  });
  test('is a later one where a hold kept the data from the first', () => {
    expect(find('check-in', 4, ({ at }) => at > 10)).toBe(20);
    expect(find('check-in', 4, () => false)).toBeNull();
  });
});

test('the public is told of every kind', () => {
  const rules = { ...defaultRules, mail: { count: 1, unit: 'days' } } as const;
  const policy = describePolicy(rules, { organisation: 'Linden', backups: null });
  for (const kind of retentionKinds) {
    expect(policy.lines.find((line) => line.kind === kind)?.kept).toBeTruthy();
  }
  const text = writePolicy(policy);
  expect(text).toContain('1 day after they were sent');
  expect(text).toContain('12 months after the check-in');
  expect(text).toContain('for as long as the organisation keeps it');
});

test('the public is told which backups stay', () => {
  const told = (daily: number, weekly: number, monthly: number) =>
    writePolicy(
      describePolicy(defaultRules, { organisation: '', backups: { daily, weekly, monthly } }),
    );
  expect(told(7, 4, 12)).toContain('each of the last 7 days, 4 weeks and 12 months stay;');
  expect(told(1, 0, 0)).toContain('each of the last 1 day stay;');
  expect(told(3, 1, 0)).toContain('each of the last 3 days and 1 week stay;');
});
