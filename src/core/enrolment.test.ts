import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from './brand.ts';
import { isEnrolled } from './enrolment.ts';

const day = (text: string) => text as LocalDate;
const from = day('2026-09-01');
const until = day('2027-01-31');

test.each([
  ['the day before', '2026-08-31', false],
  ['the first day', '2026-09-01', true],
  ['a day between', '2026-12-24', true],
  ['the last day', '2027-01-31', true],
  ['the day after', '2027-02-01', false],
])('%s belongs or not', (_, date, belongs) => {
  expect(isEnrolled({ from, until }, day(date))).toBe(belongs);
});

test('without an end it lasts, and without an enrolment nobody is enrolled', () => {
  expect(isEnrolled({ from, until: null }, day('9999-12-31'))).toBe(true);
  expect(isEnrolled({ from, until: null }, day('2026-08-31'))).toBe(false);
  expect(isEnrolled(null, from)).toBe(false);
  expect(isEnrolled(undefined, from)).toBe(false);
});

test('dates compare as the days they name', () => {
  const days = fc.integer({ min: 0, max: 100_000 });
  const dateOf = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10);
  fc.assert(
    fc.property(days, days, days, (first, last, at) => {
      const enrolment = { from: day(dateOf(first)), until: day(dateOf(last)) };
      expect(isEnrolled(enrolment, day(dateOf(at)))).toBe(first <= at && at <= last);
    }),
  );
});
