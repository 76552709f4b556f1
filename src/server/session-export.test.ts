import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, SessionId } from '../core/brand.ts';
import { Directory } from '../store/directory.ts';
import { loadPersonKeys } from '../store/key.ts';
import { commit } from '../store/ledger.ts';
import { sessionStream } from '../store/store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from '../store/throwaway.ts';
import { renderSessionCsv } from './session-export.ts';

const zone = 'Europe/Berlin';
let place: Throwaway;
let roll: SessionId;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T23:50:00+01:00', zone });
  roll = await openRoll(place.store, zone);
});

afterEach(() => place[Symbol.asyncDispose]());

const render = () => renderSessionCsv(place.store, new Directory(place.store), roll, zone);
const rows = async () =>
  parse((await render()).replace('\ufeff', ''), { record_delimiter: '\r\n' }) as string[][];

async function mark(person: PersonId, status: 'absent' | 'late', note: string): Promise<void> {
  const { store } = place;
  const key = (await loadPersonKeys(store, store.engine.read, [person])).get(person) as Uint8Array;
  await commit(store, ({ append, now }) =>
    append([
      {
        stream: sessionStream(roll),
        type: 'mark',
        occurredAt: now,
        actor: 'operator',
        subject: person,
        key,
        data: { note },
        record: {
          status,
          at: status === 'late' ? now : null,
          minutesLate: status === 'late' ? 15 : 0,
          how: 'host',
          pending: false,
        },
      },
    ]),
  );
}

describe('renderSessionCsv', () => {
  test('tells number, name, status, time, minutes late, how and note of everybody, by number', async () => {
    const outcomes = await checkInGuests(place.store, roll, [
      ['10', 'Grace'],
      ['2', 'Ada'],
      ['3', '=cmd|x, "y"'],
    ]);
    const people = outcomes.map((outcome) => (outcome as { person: PersonId }).person);
    await mark(people[0] as PersonId, 'absent', 'left early; told me,\n"so"');
    place.clock.at = Date.parse('2026-11-24T00:05:00+01:00');
    await mark(people[1] as PersonId, 'late', '=1+1');
    expect((await render()).startsWith('\ufeffNumber,Name,Status,')).toBe(true);
    expect(await rows()).toEqual([
      ['Number', 'Name', 'Status', 'Time', 'Minutes late', 'How', 'Note'],
      ['2', 'Ada', 'late', '2026-11-24 00:05:00', '15', 'host', "'=1+1"],
      ['3', '\'=cmd|x, "y"', 'present', '23:50:00', '', 'code', ''],
      ['10', 'Grace', 'absent', '', '', 'host', 'left early; told me,\n"so"'],
    ]);
  });

  test('is empty where there is no such session', async () => {
    const { store } = place;
    const none = 'none' as SessionId;
    expect(await renderSessionCsv(store, new Directory(store), none, zone)).toBe('');
  });
});
