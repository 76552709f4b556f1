import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant, LocalDate } from './brand.ts';
import { dayBounds, isZone, localDate, localMinute, localTime } from './local-time.ts';

const zones = Intl.supportedValuesOf('timeZone');
const zone = fc.constantFrom(...zones);
const first = Date.UTC(2012, 0, 1);
const last = Date.UTC(2100, 0, 1);
const instant = fc.integer({ min: first, max: last }).map((ms) => ms as Instant);
const at = (text: string) => Date.parse(text) as Instant;
const day = (text: string) => text as LocalDate;

test.each([
  ['2026-03-29T00:59:59Z', 'Europe/Berlin', '2026-03-29', '01:59:59', '+01:00'],
  ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29', '03:00:00', '+02:00'],
  ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25', '02:30:00', '+02:00'],
  ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25', '02:30:00', '+01:00'],
  ['2026-06-01T10:30:00Z', 'Pacific/Kiritimati', '2026-06-02', '00:30:00', '+14:00'],
  ['2026-06-01T10:30:00Z', 'Pacific/Pago_Pago', '2026-05-31', '23:30:00', '-11:00'],
  ['2026-06-01T18:29:59.999Z', 'Asia/Kolkata', '2026-06-01', '23:59:59', '+05:30'],
  ['2026-12-31T18:15:00Z', 'Asia/Kathmandu', '2027-01-01', '00:00:00', '+05:45'],
])('%s in %s', (text, where, date, time, offset) => {
  expect(localTime(at(text), where)).toEqual({ date, time, offset });
  expect(localDate(at(text), where)).toBe(date);
  expect(localMinute(at(text), where)).toBe(time.slice(0, 5));
});

test('date, time and offset together name the instant', () => {
  fc.assert(
    fc.property(instant, zone, (now, where) => {
      const { date, time, offset } = localTime(now, where);
      expect(Date.parse(`${date}T${time}${offset}`)).toBe(Math.floor(now / 1_000) * 1_000);
    }),
  );
});

describe('the bounds of a day', () => {
  const hours = (date: string, where: string) => {
    const { from, to } = dayBounds(day(date), where);
    return (to - from) / 3_600_000;
  };

  test.each([
    ['2026-06-01', 'Europe/Berlin', 24],
    ['2026-03-29', 'Europe/Berlin', 23],
    ['2026-10-25', 'Europe/Berlin', 25],
    ['2026-04-05', 'Australia/Lord_Howe', 24.5],
    ['2011-12-29', 'Pacific/Apia', 24],
    ['2011-12-30', 'Pacific/Apia', 0],
    ['2018-11-04', 'America/Sao_Paulo', 23],
    ['2018-02-17', 'America/Sao_Paulo', 25],
  ])('%s in %s has %d hours', (date, where, length) => {
    expect(hours(date, where)).toBe(length);
  });

  test('hold the instants of that date, and those of no other', () => {
    fc.assert(
      fc.property(instant, zone, (now, where) => {
        const date = localDate(now, where);
        const { from, to } = dayBounds(date, where);
        expect(from <= now && now < to).toBe(true);
        expect(localDate(from, where)).toBe(date);
        expect(localDate((to - 1) as Instant, where)).toBe(date);
        expect(localDate((from - 1) as Instant, where) < date).toBe(true);
        expect(localDate(to, where) > date).toBe(true);
      }),
    );
  });

  test('cover every instant once: a day ends where the next begins', () => {
    fc.assert(
      fc.property(instant, zone, (now, where) => {
        const date = Temporal.PlainDate.from(localDate(now, where));
        const next = day(date.add({ days: 1 }).toString());
        expect(dayBounds(day(date.toString()), where).to).toBe(dayBounds(next, where).from);
      }),
    );
  });

  test('hold wherever clocks are changed', () => {
    const astray: string[] = [];
    for (const where of zones) {
      let moment = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(where);
      for (;;) {
        const change = moment.getTimeZoneTransition('next');
        if (!change || change.year > 2030) break;
        for (const off of [-3_600_000, -1, 0, 1, 3_600_000]) {
          const now = (change.epochMilliseconds + off) as Instant;
          const { from, to } = dayBounds(localDate(now, where), where);
          if (now < from || now >= to) astray.push(`${where} ${new Date(now).toISOString()}`);
        }
        moment = change;
      }
    }
    expect(astray).toEqual([]);
  });
});

test('a zone is one that the runtime knows', () => {
  expect(zones.filter((name) => !isZone(name))).toEqual([]);
  for (const name of ['', 'Mars/Olympus', 'Europe/Berlin ', '../etc/passwd'])
    expect(isZone(name)).toBe(false);
});
