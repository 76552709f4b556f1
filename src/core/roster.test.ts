import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LocalDate } from './brand.ts';
import type { Enrolment } from './enrolment.ts';
import { deriveRate, type RateEntry } from './rate.ts';
import { decideRow, RosterCheck, type Standing } from './roster.ts';
import { guessColumns, guessColumnsByContent, isHeader } from './roster-heading.ts';
import { statuses } from './status.ts';

const today = { date: '2026-11-23' as LocalDate, named: false };
const row = (cells: string[], columns = { number: 0, name: 1, email: 2, from: 3, until: 4 }) =>
  new RosterCheck(columns).next(1, cells);

describe('guessColumns', () => {
  test.each([
    [['Roll', 'Name'], { number: 0, name: 1 }],
    [
      ['student_id', 'First Name', 'Last Name', 'E-mail'],
      { number: 0, firstName: 1, lastName: 2, email: 3 },
    ],
    [['Matrikel-Nr.', 'Nachname', 'Vorname'], { number: 0, lastName: 1, firstName: 2 }],
    [['Name', 'Vorname', 'Matrikelnummer'], { lastName: 0, firstName: 1, number: 2 }],
    [
      ['N° étudiant', 'Nom', 'Prénom', 'Courriel'],
      { number: 0, lastName: 1, firstName: 2, email: 3 },
    ],
    [['Matrícula', 'Nombre', 'Correo electrónico'], { number: 0, name: 1, email: 2 }],
    [['学号', '姓名'], { number: 0, name: 1 }],
    [['رقم الطالب', 'الاسم'], { number: 0, name: 1 }],
    [['रोल नंबर', 'नाम'], { number: 0, name: 1 }],
    [['Öğrenci No', 'Adı Soyadı'], { number: 0, name: 1 }],
    [['Номер', 'Фамилия', 'Имя'], { number: 0, lastName: 1, firstName: 2 }],
    [['x', 'Name', 'y', 'ROLL NO.', 'Name'], { name: 1, number: 3 }],
    [['7', 'Ada'], {}],
  ])('%j', (header, columns) => {
    expect(guessColumns(header)).toEqual(columns);
  });

  test('a person is not taken for a header', () => {
    expect(isHeader(['17', 'Ada Lovelace'])).toBe(false);
    expect(isHeader(['name', 'ada@example.org'])).toBe(false);
    expect(isHeader(['Number', 'Name'])).toBe(true);
  });

  test('without a header the cells say which column is what', () => {
    const rows = [
      ['ada@example.org', 'Ada', '0017'],
      ['bob@example.org', 'Bob', 'B18'],
    ];
    expect(guessColumnsByContent(rows)).toEqual({ number: 2, name: 1, email: 0 });
    expect(guessColumnsByContent([])).toEqual({});
  });
});

describe('a row', () => {
  test('keeps leading zeros and letters, and joins first and last name', () => {
    const check = new RosterCheck({ number: 0, firstName: 1, lastName: 2 });
    expect(check.next(2, [' 007a ', 'Ada', ' Lovelace'])).toMatchObject({
      number: '007A',
      name: 'Ada Lovelace',
      problems: [],
    });
  });

  test.each([
    [['', 'Ada'], ['number-missing']],
    [['1', ''], ['name-missing']],
    [['1', 'x'.repeat(10_000)], ['name-malformed']],
    [['<b>', 'Ada'], ['number-malformed']],
    [['1', '\u202e\u0000'], ['name-missing']],
    [['1', 'Ada', 'no address'], ['email-malformed']],
    [['1', 'Ada', '', '2026-02-30'], ['input-invalid']],
    [['1', 'Ada', '', '2026-02-03', '1.2.2026'], ['input-invalid']],
    [
      ['', ''],
      ['number-missing', 'name-missing'],
    ],
    [[], ['number-missing', 'name-missing']],
  ])('%# is wrong', (cells, problems) => {
    expect(row(cells).problems).toEqual(problems);
  });

  test('reads dates as they are written, and any script and markup as a plain name', () => {
    expect(row(['1', 'Ada', '', '2026/9/1', '31.12.2026'])).toMatchObject({
      from: '2026-09-01',
      until: '2026-12-31',
    });
    expect(row(['1', '<script>alert(1)</script>']).name).toBe('<script>alert(1)</script>');
    expect(row(['1', 'علی\u200cرضا \u202eevil']).name).toBe('علی\u200cرضا evil');
  });

  test('what a wrong row shows is short', () => {
    expect(row(['1', 'x'.repeat(10_000)]).name.length).toBeLessThanOrEqual(120);
  });

  test('the first of two rows with one number or address stands', () => {
    const check = new RosterCheck({ number: 0, name: 1, email: 2 });
    expect(check.next(1, ['a1', 'Ada', 'A@x.org']).problems).toEqual([]);
    expect(check.next(2, ['A1', 'Bob', '']).problems).toEqual(['duplicate-in-file']);
    expect(check.next(3, ['a2', 'Bob', 'a@X.org']).problems).toEqual(['email-taken']);
  });
});

describe('decideRow', () => {
  const standing = (change: Partial<Standing> = {}): Standing => ({
    name: 'Ada',
    email: null,
    enrolment: { from: '2026-09-01' as LocalDate, until: null },
    locked: false,
    ...change,
  });

  test('adds, enrols, changes, or leaves as it was', () => {
    const ada = row(['1', 'Ada']);
    expect(decideRow(ada, null, today).action).toBe('add');
    expect(decideRow(ada, standing({ enrolment: null }), today).action).toBe('enrol');
    expect(decideRow(ada, standing({ name: 'Ida' }), today).action).toBe('change');
    expect(decideRow(ada, standing(), today).action).toBe('same');
  });

  test('never renames who has an account', () => {
    const other = row(['1', 'Mallory', 'm@example.org']);
    expect(decideRow(other, standing({ locked: true }), today)).toEqual({ action: 'same' });
  });

  test('keeps the address that the file leaves out', () => {
    const decision = decideRow(row(['1', 'Eve']), standing({ email: 'a@x.org' }), today);
    expect(decision).toMatchObject({ identity: { name: 'Eve', email: 'a@x.org' } });
  });

  test('a named first day draws earlier, never later', () => {
    const named = (date: string) => ({ date: date as LocalDate, named: true });
    expect(decideRow(row(['1', 'Ada']), standing(), named('2026-08-01'))).toMatchObject({
      enrolment: { from: '2026-08-01', until: null },
    });
    expect(decideRow(row(['1', 'Ada']), standing(), named('2026-10-01')).action).toBe('same');
  });

  test('somebody who left begins anew, so that the time away does not count', () => {
    const gone = { from: '2025-09-01' as LocalDate, until: '2026-06-30' as LocalDate };
    expect(decideRow(row(['1', 'Ada']), standing({ enrolment: gone }), today)).toMatchObject({
      enrolment: { from: '2026-11-23', until: null },
    });
  });

  test('the end of an enrolment is not before its beginning', () => {
    expect(decideRow(row(['1', 'Ada', '', '', '2026-01-01']), null, today)).toEqual({
      action: 'wrong',
      problems: ['input-invalid'],
    });
  });
});

const date = fc
  .integer({ min: 0, max: 400 })
  .map((days) => Temporal.PlainDate.from('2026-01-01').add({ days }).toString() as LocalDate);
const enrolment: fc.Arbitrary<Enrolment> = fc.record({ from: date, until: fc.option(date) });

test('deciding a row again on what came of it gives the same', () => {
  const cells = fc.tuple(
    fc.constantFrom('1', '007', 'a-1'),
    fc.constantFrom('Ada', 'Bob', ''),
    fc.constantFrom('', 'a@x.org'),
    fc.oneof(fc.constant(''), date),
    fc.oneof(fc.constant(''), date),
  );
  const before = fc.option(
    fc.record({
      name: fc.constantFrom('Ada', 'Zoe'),
      email: fc.constantFrom(null, 'z@x.org'),
      enrolment: fc.option(enrolment),
      locked: fc.boolean(),
    }),
  );
  const from = fc.record({ date, named: fc.boolean(), reopens: fc.boolean() });
  fc.assert(
    fc.property(cells, before, from, (list, known, first) => {
      const judged = row(list);
      const decision = decideRow(judged, known, first);
      if (decision.action === 'wrong' || decision.action === 'same') return;
      const after: Standing = {
        name: decision.identity?.name ?? known?.name ?? '',
        email: decision.identity ? decision.identity.email : (known?.email ?? null),
        enrolment: decision.enrolment ?? known?.enrolment ?? null,
        locked: known?.locked ?? false,
      };
      expect(decideRow(judged, after, first)).toEqual({ action: 'same' });
    }),
  );
});

test('a rate is never above 1 and never counts a day outside the enrolment', () => {
  const record = fc.record({
    status: fc.option(fc.constantFrom(...statuses)),
    at: fc.constant(null),
    minutesLate: fc.constant(0),
    how: fc.constant(null),
    pending: fc.boolean(),
  });
  const entry: fc.Arbitrary<RateEntry> = fc.record({
    date,
    state: fc.constantFrom('planned', 'open', 'closed', 'cancelled'),
    record: fc.option(record),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), enrolment, (entries, dates) => {
      const { rate, counted } = deriveRate(entries, dates);
      expect(rate ?? 0).toBeLessThanOrEqual(1);
      expect(rate ?? 0).toBeGreaterThanOrEqual(0);
      const inside = entries.filter(
        (each) => each.date >= dates.from && (dates.until === null || each.date <= dates.until),
      );
      expect(deriveRate(inside, dates)).toEqual(deriveRate(entries, dates));
      expect(counted).toBeLessThanOrEqual(inside.length);
    }),
  );
});
