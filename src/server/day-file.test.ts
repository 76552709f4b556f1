import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Instant, LocalDate, PersonId } from '../core/brand.ts';
import { localTime } from '../core/local-time.ts';
import { Directory } from '../store/directory.ts';
import { erasePerson } from '../store/erasure.ts';
import { commit } from '../store/ledger.ts';
import { sessionStream } from '../store/store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from '../store/throwaway.ts';
import { writeCsv } from './csv.ts';
import { renderDayFile } from './day-file.ts';

const berlin = 'Europe/Berlin';
let place: Throwaway;

afterEach(() => place[Symbol.asyncDispose]());

const at = async (iso: string, zone = berlin) => {
  place = await openThrowaway({ at: iso, zone });
  return place;
};
const turn = (iso: string) => {
  place.clock.at = Date.parse(iso);
};
const render = (date: string, zone = berlin) =>
  renderDayFile(place.store, new Directory(place.store), date as LocalDate, zone);
const person = (outcome: unknown) => (outcome as { person: PersonId }).person;

describe('renderDayFile', () => {
  test('has exactly the header, then one row for each who came, by time, then roll', async () => {
    await at('2026-11-23T09:00:00+01:00');
    const roll = await openRoll(place.store, berlin);
    await checkInGuests(place.store, roll, [
      ['010', 'Grace'],
      ['007', 'Ada'],
    ]);
    turn('2026-11-23T09:12:05+01:00');
    await checkInGuests(place.store, roll, [['001', 'Alan']]);
    expect(await render('2026-11-23')).toBe(
      'Roll,Name,Time\n007,Ada,09:00:00\n010,Grace,09:00:00\n001,Alan,09:12:05\n',
    );
    expect(await render('2026-11-22')).toBe('Roll,Name,Time\n');
  });

  test('begins with the UTF-8 signature only where more than ASCII is in it', async () => {
    await at('2026-11-23T09:00:00+01:00');
    const roll = await openRoll(place.store, berlin);
    await checkInGuests(place.store, roll, [['1', 'José Ñuñez 名前']]);
    expect(await render('2026-11-23')).toBe('\ufeffRoll,Name,Time\n1,José Ñuñez 名前,09:00:00\n');
  });

  test('tells what stands: not the absent, the disputed, the undone; one who was moved once', async () => {
    await at('2026-11-23T09:00:00+01:00');
    const { store, clock } = place;
    const roll = await openRoll(store, berlin);
    const names = ['Absent', 'Disputed', 'Undone', 'Guest', 'Moved', 'Late'];
    const outcomes = await checkInGuests(
      store,
      roll,
      names.map((name, index) => [`${index}`, name] as const),
    );
    const [absent, disputed, undone, guest, moved, late] = outcomes.map(person) as PersonId[];
    const came = {
      status: 'present' as const,
      at: clock.now(),
      minutesLate: 0,
      how: 'host' as const,
      pending: false,
    };
    const draft = {
      stream: sessionStream(roll),
      type: 'mark',
      occurredAt: clock.now(),
      actor: 'operator',
    };
    const of = (subject: PersonId | undefined) => ({ ...draft, subject: subject as PersonId });
    await commit(store, ({ append }) =>
      append([
        { ...of(absent), record: { ...came, status: 'absent', at: null } },
        { ...of(disputed), record: { ...came, pending: true } },
        { ...of(undone), record: { ...came, status: null, at: null } },
        { ...of(moved), record: came, movedFrom: guest as PersonId },
        { ...of(late), record: { ...came, status: 'late', minutesLate: 9 } },
      ]),
    );
    expect(await render('2026-11-23')).toBe('Roll,Name,Time\n4,Moved,09:00:00\n5,Late,09:00:00\n');
  });

  test('an erased person reads erased', async () => {
    await at('2026-11-23T09:00:00+01:00');
    const roll = await openRoll(place.store, berlin);
    const [ada] = await checkInGuests(place.store, roll, [['1', 'Ada Å']]);
    await erasePerson(place.store, 'operator', person(ada));
    expect(await render('2026-11-23')).toBe('Roll,Name,Time\nerased,erased,09:00:00\n');
  });

  test('a session over midnight, or open for days, gives every day its own rows', async () => {
    await at('2026-11-23T23:50:00+01:00');
    const roll = await openRoll(place.store, berlin);
    await checkInGuests(place.store, roll, [['1', 'Before']]);
    turn('2026-11-23T23:59:59.999+01:00');
    await checkInGuests(place.store, roll, [['2', 'Last']]);
    turn('2026-11-24T00:00:00+01:00');
    await checkInGuests(place.store, roll, [['3', 'First']]);
    turn('2026-11-29T08:00:00+01:00');
    await checkInGuests(place.store, roll, [['4', 'Days later']]);
    expect(await render('2026-11-23')).toBe('Roll,Name,Time\n1,Before,23:50:00\n2,Last,23:59:59\n');
    expect(await render('2026-11-24')).toBe('Roll,Name,Time\n3,First,00:00:00\n');
    expect(await render('2026-11-29')).toBe('Roll,Name,Time\n4,Days later,08:00:00\n');
  });

  test('the hour that comes twice when clocks go back keeps its order', async () => {
    await at('2026-10-25T02:59:00+02:00');
    const roll = await openRoll(place.store, berlin);
    await checkInGuests(place.store, roll, [['2', 'Summer']]);
    turn('2026-10-25T02:10:00+01:00');
    await checkInGuests(place.store, roll, [['1', 'Winter']]);
    expect(await render('2026-10-25')).toBe(
      'Roll,Name,Time\n2,Summer,02:59:00\n1,Winter,02:10:00\n',
    );
  });

  test('everybody is in exactly one day, whatever the zone and its clock changes', async () => {
    const zones = ['Africa/Cairo', 'America/St_Johns', 'Pacific/Chatham', 'Asia/Kathmandu', berlin];
    await at('2026-01-01T00:00:00Z');
    const roll = await openRoll(place.store, 'UTC');
    const instants = fc.sample(
      fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') }),
      { numRuns: 60, seed: 7 },
    );
    // around the changes of the clocks, and at midnight of each zone
    instants.push(
      ...['2026-04-23T21:59:59.999Z', '2026-04-23T22:00:00Z', '2026-10-29T20:30:00Z'].map(
        Date.parse,
      ),
    );
    for (const [index, instant] of instants.entries()) {
      place.clock.at = instant;
      await checkInGuests(place.store, roll, [[`${index}`, 'Somebody']]);
    }
    for (const zone of zones) {
      const dates = new Set(instants.map((instant) => localTime(instant as Instant, zone).date));
      const rolls: string[] = [];
      for (const date of dates) {
        for (const row of parse(await render(date, zone), { from: 2 }) as string[][]) {
          const local = localTime(instants[Number(row[0])] as Instant, zone);
          expect([local.date, local.time]).toEqual([date, row[2]]);
          rolls.push(row[0] as string);
        }
      }
      expect(rolls.map(Number).sort((a, b) => a - b)).toEqual([...instants.keys()]);
    }
  });

  test('a name cannot break out of its cell or become a formula', async () => {
    await at('2026-11-23T09:00:00+01:00');
    const roll = await openRoll(place.store, berlin);
    const names = [
      'Ada, 2, 10:00:00',
      '"; DROP',
      'a"b""c',
      '=HYPERLINK("http://x","y")',
      '+1',
      '-1+1',
      '@SUM(A1)',
      '＝1+1',
      'x;=1+1',
      'two\nlines',
      'a\r\n3,Forged,09:00:00',
    ];
    await checkInGuests(
      place.store,
      roll,
      names.map((name, index) => [`${index}`.padStart(2, '0'), name] as const),
    );
    const text = await render('2026-11-23');
    const rows = parse(text.replace('\ufeff', ''), { record_delimiter: '\n' }) as string[][];
    expect(rows).toHaveLength(names.length + 1);
    for (const [index, name] of names.entries()) {
      const [number, cell = '', time] = rows[index + 1] as string[];
      expect(number).toBe(`${index}`.padStart(2, '0'));
      expect(time).toBe('09:00:00');
      expect(cell.replaceAll("'", '')).toBe(name.replaceAll("'", ''));
      expect(cell).not.toMatch(/(^|[;\t]\s*)[=+\-@＝＋－＠]/u);
    }
  });
});

describe('writeCsv', () => {
  test('any text comes back as it was, but for apostrophes before formulas', async () => {
    await at('2026-11-23T09:00:00+01:00');
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({
        unit: fc.constantFrom('"', ',', ';', '\n', '\r', '\t', '=', "'", ' ', 'a', '\\'),
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const written = writeCsv(rows, '\n');
        const read = parse(written, { record_delimiter: '\n' }) as string[][];
        const bare = (list: readonly (readonly string[])[]) =>
          list.map((row) => row.map((text) => text.replaceAll("'", '')));
        // a line of two empty cells is a row too
        expect(bare(read)).toEqual(bare(rows));
      }),
      { numRuns: 500 },
    );
  });
});
