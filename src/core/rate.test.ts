import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant, LocalDate } from './brand.ts';
import { deriveRate, deriveTally, type RateEntry } from './rate.ts';
import type { RecordState } from './record.ts';
import { sessionStates } from './session.ts';
import { statuses } from './status.ts';

const day = (text: string) => text as LocalDate;
const record = (change: Partial<RecordState>): RecordState => ({
  status: 'present',
  at: 0 as Instant,
  minutesLate: 0,
  how: 'code',
  pending: false,
  ...change,
});
const enrolment = { from: day('2026-09-05'), until: day('2026-09-25') };
const entryOf = fc.record<RateEntry>({
  date: fc.integer({ min: 1, max: 30 }).map((n) => day(`2026-09-${String(n).padStart(2, '0')}`)),
  state: fc.constantFrom(...sessionStates),
  record: fc.option(
    fc
      .record({
        status: fc.constantFrom(...statuses, null),
        how: fc.constantFrom('code', 'typed', 'host', 'closing', 'import', null),
        pending: fc.boolean(),
      })
      .map(record),
  ),
});
const counting = (change: Partial<RecordState> | null): RateEntry => ({
  date: day('2026-09-10'),
  state: 'closed',
  record: change && record(change),
});

describe('a rate', () => {
  test.each([
    ['nothing', [], null],
    ['one that was there', [{}], 1],
    ['one that was late', [{ status: 'late' }], 1],
    ['one without any record', [null], 0],
    ['one whose mark was undone', [{ status: null }], 0],
    ['one excused', [{ status: 'excused' }], null],
    ['one in dispute', [{ pending: true }], null],
    ['one there, one absent, one excused', [{}, { status: 'absent' }, { status: 'excused' }], 0.5],
  ] as [string, (Partial<RecordState> | null)[], number | null][])(
    'of %s is as the host would reckon it',
    (_, records, rate) => {
      expect(deriveRate(records.map(counting), enrolment).rate).toBe(rate);
    },
  );

  test('lies between 0 and 1, and its parts add up', () => {
    fc.assert(
      fc.property(fc.array(entryOf), (entries) => {
        const { present, late, absent, counted, rate } = deriveRate(entries, enrolment);
        expect(counted).toBe(present + late + absent);
        expect(rate === null).toBe(counted === 0);
        if (rate !== null) expect(rate).toBe((present + late) / counted);
        expect(rate ?? 0).toBeGreaterThanOrEqual(0);
        expect(rate ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('counts no session outside the enrolment, not closed, or in dispute', () => {
    const outside = ({ date, state, record: word }: RateEntry) =>
      date < enrolment.from || date > enrolment.until || state !== 'closed' || word?.pending;
    fc.assert(
      fc.property(fc.array(entryOf), (entries) => {
        const inside = entries.filter((entry) => !outside(entry));
        const rate = deriveRate(entries, enrolment);
        expect(rate).toEqual(deriveRate(inside, enrolment));
        expect(rate.counted + rate.excused).toBe(inside.length);
        expect(deriveRate(entries, null)).toMatchObject({ counted: 0, excused: 0, rate: null });
      }),
    );
  });

  test('does not move for an excuse, nor for the order of sessions', () => {
    fc.assert(
      fc.property(fc.array(entryOf), (entries) => {
        const { rate, excused } = deriveRate(entries, enrolment);
        const more = [counting({ status: 'excused' }), ...entries.toReversed()];
        expect(deriveRate(more, enrolment)).toMatchObject({ rate, excused: excused + 1 });
      }),
    );
  });
});

describe('a tally', () => {
  test('counts everybody once', () => {
    const records = fc.array(entryOf.map((entry) => entry.record));
    fc.assert(
      fc.property(records, fc.constantFrom(...sessionStates), (list, state) => {
        const tally = deriveTally(list, state);
        expect(Object.values(tally).reduce((sum, part) => sum + part)).toBe(list.length);
        expect(tally.pending).toBe(list.filter((word) => word?.pending).length);
      }),
    );
  });

  test('calls an absence of an earlier closing missing while the session is open', () => {
    const list = [record({ status: 'absent', how: 'closing' }), record({ status: 'absent' }), null];
    expect(deriveTally(list, 'open')).toMatchObject({ absent: 1, missing: 2 });
    expect(deriveTally(list, 'closed')).toMatchObject({ absent: 2, missing: 1 });
  });
});
