import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  backupAgeDays,
  backupName,
  decideKept,
  isDue,
  lastOccasion,
  type MadeBackup,
  nextOccasion,
  retryPauseMs,
} from './backup-schedule.ts';
import type { Instant } from './brand.ts';

const instant = (text: string) => Date.parse(text) as Instant;
const dayMs = 24 * 3_600_000;
const zone = 'Europe/Berlin';
const usual = { daily: 7, weekly: 4, monthly: 12 };

const from = instant('2024-01-01T00:00:00Z');
const atOf = fc.integer({ min: 0, max: 1_000 * dayMs }).map((ms) => (from + ms) as Instant);
const zoneOf = fc.constantFrom('UTC', zone, 'America/St_Johns', 'Pacific/Apia', 'Asia/Kolkata');
const timeOf = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const ruleOf = fc.record({
  daily: fc.integer({ min: 1, max: 10 }),
  weekly: fc.integer({ min: 0, max: 6 }),
  monthly: fc.integer({ min: 0, max: 14 }),
});
const backupsOf = fc
  .uniqueArray(fc.tuple(atOf, fc.boolean()), { selector: ([at]) => at, maxLength: 80 })
  .map((made) => made.map(([at, sound], index): MadeBackup => ({ name: `${index}`, at, sound })));
const newest = (backups: readonly MadeBackup[]) =>
  backups.toSorted((one, other) => other.at - one.at)[0]?.name;

describe('what stays', () => {
  test('is the newest always, and the newest that is sound, whatever the rule', () => {
    fc.assert(
      fc.property(backupsOf, ruleOf, zoneOf, (backups, rule, place) => {
        const kept = decideKept(backups, rule, place);
        expect(kept.size > 0).toBe(backups.length > 0);
        if (backups.length > 0) expect(kept).toContain(newest(backups));
        const sound = backups.filter((backup) => backup.sound);
        if (sound.length > 0) expect(kept).toContain(newest(sound));
      }),
    );
  });

  test('is never more than the rule says, each kind for itself, and only what there is', () => {
    fc.assert(
      fc.property(backupsOf, ruleOf, zoneOf, (backups, rule, place) => {
        const kept = decideKept(backups, rule, place);
        for (const sound of [true, false]) {
          const some = backups.filter((backup) => backup.sound === sound && kept.has(backup.name));
          expect(some.length).toBeLessThanOrEqual(rule.daily + rule.weekly + rule.monthly);
        }
        const names = new Set(backups.map(({ name }) => name));
        expect([...kept].filter((name) => !names.has(name))).toEqual([]);
      }),
    );
  });

  test('stays when it is judged again, and does not depend on the order', () => {
    fc.assert(
      fc.property(backupsOf, ruleOf, zoneOf, (backups, rule, place) => {
        const kept = decideKept(backups, rule, place);
        const left = backups.filter(({ name }) => kept.has(name));
        expect(decideKept(left, rule, place)).toEqual(kept);
        expect(decideKept(backups.toReversed(), rule, place)).toEqual(kept);
      }),
    );
  });

  test('a larger rule keeps all that a smaller one does', () => {
    fc.assert(
      fc.property(backupsOf, ruleOf, zoneOf, (backups, rule, place) => {
        const { daily, weekly, monthly } = rule;
        const larger = { daily: daily + 1, weekly: weekly + 1, monthly: monthly + 1 };
        const kept = decideKept(backups, larger, place);
        for (const name of decideKept(backups, rule, place)) expect(kept).toContain(name);
      }),
    );
  });

  test('after two years of days is the last week, four weeks and a year of months', () => {
    let backups: MadeBackup[] = [];
    const last = instant('2026-11-25T02:00:00+01:00');
    for (let day = 730; day >= 0; day -= 1) {
      const at = (last - day * dayMs) as Instant;
      backups.push({ name: backupName(at), at, sound: true });
      const kept = decideKept(backups, usual, zone);
      backups = backups.filter(({ name }) => kept.has(name));
    }
    expect(backups.map(({ name }) => name.slice(7, 17)).toReversed()).toEqual([
      ...['2026-11-25', '2026-11-24', '2026-11-23', '2026-11-22', '2026-11-21', '2026-11-20'],
      ...['2026-11-19', '2026-11-15', '2026-11-08', '2026-10-31', '2026-09-30', '2026-08-31'],
      ...['2026-07-31', '2026-06-30', '2026-05-31', '2026-04-30', '2026-03-31', '2026-02-28'],
      ...['2026-01-31', '2025-12-31'],
    ]);
  });

  test('those in which the ledger does not hold push none out in which it does', () => {
    const good = { name: 'good', at: instant('2026-01-01T02:00:00Z'), sound: true };
    const bad = [...Array(400).keys()].map((day) => ({
      name: `bad ${day}`,
      at: (good.at + (day + 1) * dayMs) as Instant,
      sound: false,
    }));
    expect(decideKept([good, ...bad], { daily: 1, weekly: 0, monthly: 0 }, zone)).toEqual(
      new Set(['good', 'bad 399']),
    );
  });
});

describe('when one is due', () => {
  const plan = { time: '02:00', zone };

  test('is once after each occasion, also after many that went by', () => {
    const since = instant('2026-11-20T09:00:00+01:00');
    const due = (now: string, ...made: string[]) =>
      isDue(plan, { since, made: made.map(instant), now: instant(now) });
    expect(due('2026-11-20T23:00:00+01:00')).toBe(false);
    expect(due('2026-11-21T01:59:59+01:00')).toBe(false);
    expect(due('2026-11-21T02:00:00+01:00')).toBe(true);
    expect(due('2026-11-28T10:00:00+01:00')).toBe(true);
    expect(due('2026-11-28T10:00:00+01:00', '2026-11-28T09:59:00+01:00')).toBe(false);
    expect(due('2026-11-29T02:00:00+01:00', '2026-11-28T09:59:00+01:00')).toBe(true);
  });

  test('does not wait for a time that a wrong clock wrote', () => {
    const made = [instant('2031-01-01T00:00:00Z')];
    const since = instant('2026-11-20T09:00:00Z');
    const now = instant('2026-11-25T09:00:00Z');
    expect(isDue(plan, { since, made, now })).toBe(true);
    expect(isDue(plan, { since, made: [...made, now], now })).toBe(false);
  });

  test('right after one is made none is, and at the next occasion one is', () => {
    fc.assert(
      fc.property(atOf, timeOf, zoneOf, (now, time, place) => {
        const since = (now - 30 * dayMs) as Instant;
        expect(isDue({ time, zone: place }, { since, made: [now], now })).toBe(false);
        const next = nextOccasion(time, place, now);
        expect(isDue({ time, zone: place }, { since, made: [now], now: next })).toBe(true);
      }),
    );
  });

  test('occasions are where the clock on the wall says so, one behind and one ahead', () => {
    fc.assert(
      fc.property(atOf, timeOf, zoneOf, (now, time, place) => {
        const last = lastOccasion(time, place, now);
        const next = nextOccasion(time, place, now);
        expect(last).toBeLessThanOrEqual(now);
        expect(next).toBeGreaterThan(now);
        expect(next - last).toBeLessThanOrEqual(25 * 3_600_000);
        expect(lastOccasion(time, place, next)).toBe(next);
      }),
    );
  });

  test('a time that the day leaves out is the one that follows', () => {
    const now = instant('2026-03-29T12:00:00+02:00');
    expect(lastOccasion('02:30', zone, now)).toBe(instant('2026-03-29T03:30:00+02:00'));
    // Samoa went without 30 December 2011
    const samoa = instant('2011-12-31T00:30:00+14:00');
    expect(lastOccasion('02:00', 'Pacific/Apia', samoa)).toBe(instant('2011-12-29T02:00:00-10:00'));
  });
});

test('pauses after failures grow and then stay', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 100].map((tries) => retryPauseMs(tries) / 60_000);
  expect(pauses).toEqual([1, 5, 15, 60, 180, 360, 360, 360]);
});

test('names are in order of time and hold no character that a file may not have', () => {
  expect(backupName(instant('2026-11-23T02:03:04.567Z'))).toBe('muster-2026-11-23T020304Z.backup');
});

test('an age is counted from the newest, or from the beginning', () => {
  const now = instant('2026-11-23T08:00:00Z');
  expect(backupAgeDays(null, (now - 3.5 * dayMs) as Instant, now)).toBe(3);
  expect(backupAgeDays((now - 2.9 * dayMs) as Instant, from, now)).toBe(2);
});
