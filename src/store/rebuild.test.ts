import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Instant, PersonId, SessionId } from '../core/brand.ts';
import { unmarked } from '../core/record.ts';
import { commit } from './ledger.ts';
import { LedgerBroken, rebuildRecords } from './rebuild.ts';
import { sessionStream } from './store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from './throwaway.ts';

let place: Throwaway;
let roll: SessionId;
let people: PersonId[];

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  roll = await openRoll(place.store, 'Europe/Berlin');
  const outcomes = await checkInGuests(place.store, roll, [
    ['1', 'Ada'],
    ['2', 'Grace'],
    ['3', 'Alan'],
    ['4', 'Ada again'],
  ]);
  people = outcomes.map((outcome) => (outcome as { person: PersonId }).person);
  const [ada, grace, , again] = people as [PersonId, PersonId, PersonId, PersonId];
  const stream = sessionStream(roll);
  const now = place.clock.now();
  const draft = { stream, occurredAt: now, actor: 'operator' };
  const late = { status: 'late', at: now as Instant, minutesLate: 7, how: 'host', pending: false };
  await commit(place.store, async ({ append }) => {
    await append([
      { ...draft, type: 'mark', subject: grace, record: late as never },
      { ...draft, type: 'guest.merged', subject: ada, record: late as never, movedFrom: again },
    ]);
    await append([{ ...draft, type: 'mark.undone', subject: grace, record: unmarked }]);
  });
});

afterEach(() => place[Symbol.asyncDispose]());

const stored = () =>
  place.store.engine.read.selectFrom('record').selectAll().orderBy('person').execute();

const change = (text: string) => place.store.engine.write((tx) => sql.raw(text).execute(tx));

describe('rebuildRecords', () => {
  test('finds what is stored to be what the events say, and writes nothing', async () => {
    const before = await stored();
    const report = await rebuildRecords(place.store, 'operator');
    expect(report).toEqual({ sessions: 1, records: 3, differences: [] });
    expect(await stored()).toEqual(before);
    expect(
      await place.store.engine.read
        .selectFrom('event')
        .select('id')
        .where('type', '=', 'records.rebuilt')
        .execute(),
    ).toEqual([]);
  });

  test('brings back what was changed, taken away or slipped in, and tells it', async () => {
    const before = await stored();
    const [ada, grace, alan, again] = people;
    await change(`update record set minutes_late = 1 where person = '${ada}'`);
    await change(`delete from record where person = '${alan}'`);
    await change(
      `insert into record select organisation, session, '${again}', 'present', at, 0, how, 0, seq from record where person = '${grace}'`,
    );
    const { differences } = await rebuildRecords(place.store, 'operator');
    expect(differences.map(({ person }) => person).sort()).toEqual([ada, alan, again].sort());
    expect(differences.find(({ person }) => person === ada)?.stored?.minutes_late).toBe(1);
    expect(differences.find(({ person }) => person === again)?.rebuilt).toBeNull();
    expect(await stored()).toEqual(before);
    expect((await rebuildRecords(place.store, 'operator')).differences).toEqual([]);
  });

  test('everything removed comes back as it was', async () => {
    const before = await stored();
    await change('delete from record');
    expect((await rebuildRecords(place.store, 'operator')).differences).toHaveLength(3);
    expect(await stored()).toEqual(before);
  });

  test('does nothing where the ledger itself was changed', async () => {
    await change("update event set actor = 'somebody' where type = 'mark'");
    await change('delete from record');
    await expect(rebuildRecords(place.store, 'operator')).rejects.toThrow(LedgerBroken);
    expect(await stored()).toEqual([]);
  });
});
