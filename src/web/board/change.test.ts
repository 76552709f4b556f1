import { describe, expect, it } from 'vitest';
import { unmarked } from '../../core/record.ts';
import type { BoardPerson } from '../../core/session.wire.ts';
import {
  acknowledge,
  type Change,
  layOver,
  markedRecord,
  settleChanges,
  unsyncedIn,
} from './change.ts';

const anna: BoardPerson = {
  id: 'a',
  number: '1',
  name: 'Anna',
  guest: false,
  record: unmarked,
  seq: 0,
  note: null,
  claims: [],
};
const people = new Map([['a', anna]]);
const mark = (id: number, status: 'present' | 'late', ack: number | null = null): Change => ({
  id,
  patches: new Map([['a', { record: markedRecord(unmarked, status, 90_000, 0) }]]),
  ack,
});

describe("a host's change", () => {
  it('shows at once, as unsynced, the latest on top', () => {
    const changes = [mark(1, 'present'), mark(2, 'late')];
    expect(layOver(people, changes).get('a')?.record).toMatchObject({
      status: 'late',
      minutesLate: 1,
      how: 'host',
    });
    expect([...unsyncedIn(changes)]).toEqual(['a']);
  });

  it('stays until a frame brings the event it was answered with', () => {
    const answered = acknowledge([mark(1, 'present')], 1, 7);
    expect(settleChanges(answered, 6)).toBe(answered);
    expect(settleChanges(answered, 7)).toEqual([]);
  });

  it('stays while it has no answer, however far the board is', () => {
    expect(settleChanges([mark(1, 'present')], 99)).toHaveLength(1);
  });

  it('lets the server have the last word once it is settled', () => {
    const changes = settleChanges([mark(1, 'present', 7)], 8);
    expect(layOver(people, changes)).toBe(people);
  });

  it('is nothing for a person who has left the board', () => {
    expect(layOver(new Map(), [mark(1, 'present')]).size).toBe(0);
  });

  it('lets somebody who came keep the time, and gives an absence none', () => {
    const came = markedRecord(unmarked, 'present', 60_000, 0);
    expect(markedRecord(came, 'late', 900_000, 0)).toMatchObject({ at: 60_000, minutesLate: 1 });
    expect(markedRecord(came, 'absent', 900_000, 0).at).toBeNull();
  });

  it('that takes a mark away leaves nothing standing', () => {
    expect(markedRecord(unmarked, null, 5, 0)).toEqual(unmarked);
  });
});
