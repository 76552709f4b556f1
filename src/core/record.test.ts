import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant, PersonId } from './brand.ts';
import { applyChange, mergeRecords, type RecordState, type Records, unmarked } from './record.ts';
import { statuses } from './status.ts';

const at = (ms: number) => ms as Instant;
const came: RecordState = {
  status: 'present',
  at: at(1_000),
  minutesLate: 0,
  how: 'code',
  pending: false,
};
const later: RecordState = { ...came, status: 'late', at: at(2_000), minutesLate: 6 };
const host: RecordState = { ...came, status: 'excused', at: at(3_000), how: 'host' };
const missed: RecordState = { ...came, status: 'absent', at: at(4_000), how: 'closing' };

const stood = fc.record<RecordState>({
  status: fc.constantFrom(...statuses),
  at: fc.integer({ min: 1, max: 9_999 }).map(at),
  minutesLate: fc.nat(60),
  how: fc.constantFrom('code', 'typed', 'host', 'import'),
  pending: fc.boolean(),
});
const record = fc.oneof(fc.constantFrom(unmarked, missed), stood);

describe('where two records of one person meet', () => {
  test.each([
    ['the earlier arrival stands', came, later, came],
    ["the host's word stands against an earlier arrival", came, host, host],
    ['an arrival stands against the closing', missed, later, later],
    ["the host's word stands against the closing", missed, host, host],
    ['an arrival stands against nothing', unmarked, later, later],
    ['the closing stands against nothing', unmarked, missed, missed],
    ['nothing stays nothing', unmarked, unmarked, unmarked],
  ])('%s', (_, left, right, stands) => {
    expect(mergeRecords(left, right)).toEqual(stands);
    expect(mergeRecords(right, left)).toEqual(stands);
  });

  test('it does not matter which was the guest', () => {
    fc.assert(
      fc.property(record, record, (left, right) => {
        fc.pre(left.at !== right.at);
        expect(mergeRecords(left, right)).toEqual(mergeRecords(right, left));
      }),
    );
  });

  test('three meet as one, in any order, and one with itself is itself', () => {
    fc.assert(
      fc.property(record, record, record, (one, two, three) => {
        fc.pre(new Set([one.at, two.at, three.at]).size === 3);
        const first = mergeRecords(mergeRecords(one, two), three);
        expect(mergeRecords(one, mergeRecords(two, three))).toEqual(first);
        expect(mergeRecords(one, one)).toEqual(one);
      }),
    );
  });

  test('whoever had come does not become absent by it', () => {
    fc.assert(
      fc.property(stood, fc.constantFrom(unmarked, missed), (left, right) => {
        expect(mergeRecords(left, right)).toEqual(left);
        expect(mergeRecords(right, left)).toEqual(left);
      }),
    );
  });
});

describe('the records of a session', () => {
  const ada = 'ada' as PersonId;
  const guest = 'guest' as PersonId;

  test('are the last word on each person', () => {
    const person = fc.constantFrom(ada, guest);
    fc.assert(
      fc.property(fc.array(fc.tuple(person, record)), (words) => {
        const records: Records = new Map();
        for (const [subject, word] of words) applyChange(records, { subject, record: word });
        expect(records).toEqual(new Map(words));
      }),
    );
  });

  test('lose the guest whose record moves', () => {
    const records: Records = new Map([[guest, came]]);
    applyChange(records, { subject: ada, record: came, movedFrom: guest });
    expect(records).toEqual(new Map([[ada, came]]));
  });
});
