import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, SessionId } from '../core/brand.ts';
import { erasePerson } from './erasure.ts';
import { loadPersonKeys } from './key.ts';
import { commit } from './ledger.ts';
import { peopleStream, sessionStream } from './store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from './throwaway.ts';
import { finish, type VerifyReport, verifyLedger } from './verify.ts';

const zone = 'Europe/Berlin';
let place: Throwaway;
let roll: SessionId;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  roll = await openRoll(place.store, zone);
  await checkInGuests(place.store, roll, [
    ['1', 'Ada'],
    ['2', 'Grace'],
    ['3', 'Alan'],
  ]);
  await openRoll(place.store, zone);
});

afterEach(() => place[Symbol.asyncDispose]());

const verify = (): Promise<VerifyReport> => finish(verifyLedger(place.store));
const change = (text: string) =>
  place.store.engine.write((tx) => sql.raw(text).execute(tx)).then(() => verify());

const third = () =>
  place.store.engine.read
    .selectFrom('event')
    .selectAll()
    .where('stream', '=', sessionStream(roll))
    .where('seq', '=', 3)
    .executeTakeFirstOrThrow();

describe('verifyLedger', () => {
  test('finds nothing wrong in what Muster wrote', async () => {
    expect(await verify()).toEqual({
      ok: true,
      streams: 2,
      events: 5,
      payloads: 5,
      destroyed: 0,
      retired: 0,
      records: 3,
      faults: [],
    });
  });

  test.each([
    ['facts', "facts = '{}'", 'hash'],
    ['an actor', "actor = 'somebody'", 'hash'],
    ['a time by one millisecond', 'occurred_at = occurred_at + 1', 'hash'],
    ['a hash', "hash = '00' || substr(hash, 3)", 'hash'],
    ['a byte of a payload', "payload = payload || x'00'", 'payload'],
    ['a payload taken away', 'payload = null', 'payload'],
  ])('names the event in which %s was changed', async (_, set, kind) => {
    const { id, stream } = await third();
    const { ok, faults } = await change(`update event set ${set} where id = '${id}'`);
    expect(ok).toBe(false);
    expect(faults[0]).toEqual({ kind, stream, seq: 3, id });
  });

  test('is not told by a row alone that somebody was erased', async () => {
    const { subject } = await third();
    await change(`delete from person_key where person = '${subject}'`);
    await change(`update event set payload = null where subject = '${subject}'`);
    const row = `state = 'erased', sealed = null, number_index = null`;
    const { faults, destroyed } = await change(
      `update person set ${row} where person = '${subject}'`,
    );
    expect(destroyed).toBe(0);
    expect(faults.map(({ kind }) => kind)).toContain('payload');
  });

  test('names the place of an event that was taken out, and of one that was cut off', async () => {
    const { id, stream } = await third();
    const after = await change(`delete from event where id = '${id}'`);
    expect(after.faults[0]).toMatchObject({ kind: 'gap', stream, seq: 4 });
    const cut = await change(`delete from event where stream = '${stream}' and seq >= 3`);
    expect(cut.faults[0]).toMatchObject({ kind: 'head', stream, seq: 2 });
  });

  test('names an event that no head accounts for, and a stream without its head', async () => {
    const stream = sessionStream(roll);
    const moved = await change(`update stream set seq = 3 where stream = '${stream}'`);
    expect(moved.faults[0]).toMatchObject({ kind: 'head', stream, seq: 4 });
    const gone = await change(`delete from stream where stream = '${stream}'`);
    expect(gone.faults[0]).toMatchObject({ kind: 'head', stream, seq: 4 });
  });

  test('names the person whose record is not what the events say', async () => {
    const { subject, stream, id } = await third();
    const { faults } = await change(
      `update record set status = 'absent' where person = '${subject}'`,
    );
    expect(faults).toEqual([{ kind: 'record', stream, seq: 3, id, person: subject }]);
    const gone = await change(`delete from record where person = '${subject}'`);
    expect(gone.faults).toMatchObject([{ kind: 'record', person: subject }]);
  });

  test('names a record of a session that has no events', async () => {
    const { faults } = await change(
      "insert into record select organisation, 'no-session', person, status, at, minutes_late, how, pending, seq from record limit 1",
    );
    expect(faults).toMatchObject([{ kind: 'record', stream: 'session:no-session', id: null }]);
  });

  test('still holds when a person was erased, and counts what was destroyed', async () => {
    const { subject } = await third();
    await erasePerson(place.store, 'operator', subject as never);
    const report = await verify();
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ ok: true, destroyed: 1, payloads: 4, records: 3 });
  });

  test('finds nothing wrong where somebody is erased in the middle of it', async () => {
    const { store } = place;
    const person = (await third()).subject as PersonId;
    const key = (await loadPersonKeys(store, store.engine.read, [person])).get(person);
    const told = { stream: peopleStream, type: 'note', actor: 'operator', data: { note: 'early' } };
    await commit(store, ({ now, append }) =>
      append([{ ...told, occurredAt: now, subject: person, key: key as Uint8Array }]),
    );
    const walk = verifyLedger(store);
    // its key is known from here on
    await walk.next();
    await erasePerson(store, 'operator', person);
    expect((await finish(walk)).faults).toEqual([]);
  });

  test('finds nothing wrong while others check in', async () => {
    let going = true;
    const rush = (async () => {
      for (let count = 0; going && count < 200; count += 1) {
        await checkInGuests(place.store, roll, [[`9${count}`, 'Rush']]);
      }
    })();
    for (let round = 0; round < 5; round += 1) expect((await verify()).faults).toEqual([]);
    going = false;
    await rush;
    expect((await verify()).faults).toEqual([]);
  });
});
