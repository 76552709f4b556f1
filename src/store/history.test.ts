import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, SessionId } from '../core/brand.ts';
import { erasePerson } from './erasure.ts';
import { findPeople } from './find-person.ts';
import { loadPersonHistory, loadSessionHistory } from './history.ts';
import { commit } from './ledger.ts';
import { peopleStream, sessionStream } from './store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from './throwaway.ts';

let place: Throwaway;
let rolls: SessionId[];
let ada: PersonId;
let guest: PersonId;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T09:00:00+01:00' });
  const { store } = place;
  rolls = [await openRoll(store, 'UTC'), await openRoll(store, 'UTC')];
  const people: PersonId[] = [];
  for (const roll of rolls) {
    place.clock.at += 60_000;
    const [outcome] = await checkInGuests(store, roll, [
      ['007', 'Ada'],
      ['8', 'Grace'],
    ]);
    people.push((outcome as { person: PersonId }).person);
  }
  [ada, guest] = people as [PersonId, PersonId];
});

afterEach(() => place[Symbol.asyncDispose]());

describe('history', () => {
  test('a number finds the guests of every session who gave it, however it is typed', async () => {
    expect((await findPeople(place.store, ' 0 07')).sort()).toEqual([ada, guest].sort());
    expect(await findPeople(place.store, ada)).toEqual([ada]);
    expect(await findPeople(place.store, '7')).toEqual([]);
    expect(await findPeople(place.store, '"; drop')).toEqual([]);
  });

  test('a session tells its events in order, in plain facts', async () => {
    const events = await loadSessionHistory(place.store, rolls[0] as SessionId);
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'session.opened'],
      [2, 'check-in'],
      [3, 'check-in'],
    ]);
    expect(events[1]).toMatchObject({
      actor: 'phone',
      subject: ada,
      record: { status: 'present', how: 'code' },
      facts: { via: 'code' },
      data: { number: '007', name: 'Ada' },
    });
    const own = await loadSessionHistory(place.store, rolls[0] as SessionId, ada);
    expect(own.map(({ seq }) => seq)).toEqual([2]);
  });

  test('a person tells the events of all sessions, and those of a guest who turned out to be them', async () => {
    expect(await loadPersonHistory(place.store, [ada])).toHaveLength(1);
    await commit(place.store, async ({ tx, now, append }) => {
      const merged = { state: 'merged', merged_into: ada, number_index: null };
      await tx.updateTable('person').set(merged).where('person', '=', guest).execute();
      await append([
        {
          stream: peopleStream,
          type: 'person.merged',
          occurredAt: now,
          actor: 'operator',
          subject: ada,
          facts: { alias: guest },
        },
      ]);
    });
    const events = await loadPersonHistory(place.store, [ada]);
    expect(events.map(({ stream }) => stream)).toEqual([
      sessionStream(rolls[0] as SessionId),
      peopleStream,
      sessionStream(rolls[1] as SessionId),
    ]);
  });

  test('what was erased is not told, that something happened is', async () => {
    await erasePerson(place.store, 'operator', ada);
    const [event] = await loadPersonHistory(place.store, [ada]);
    expect(event).toMatchObject({ type: 'check-in', data: null, record: { status: 'present' } });
  });
});
