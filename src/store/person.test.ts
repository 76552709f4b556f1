import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventId, Instant, OrganisationId, PersonId, StreamName } from '../core/brand.ts';
import { ChainCheck } from '../core/ledger.ts';
import { Directory } from './directory.ts';
import { destroyUnusedEpochs } from './epoch.ts';
import { erasePerson } from './erasure.ts';
import { commit } from './ledger.ts';
import { openStore } from './open.ts';
import { changePerson, insertPeople, loadPeople } from './person.ts';
import type { Store } from './store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let place: Throwaway;
let store: Store;
beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  store = place.store;
});
afterEach(() => place[Symbol.asyncDispose]());

const add = (...numbers: string[]): Promise<PersonId[]> =>
  commit(store, (writing) =>
    insertPeople(
      store,
      writing,
      'operator',
      numbers.map((number) => ({ number, name: `Name ${number}`, email: `${number}@x.org` })),
    ),
  );

const nameOf = async (person: PersonId) =>
  (await new Directory(store).get([person])).get(person)?.name;

const bearerOf = async (number: string) =>
  (await loadPeople(store, store.engine.read, { number: [number] }))[0]?.person;

async function checkChains(): Promise<void> {
  const heads = await store.engine.read.selectFrom('stream').selectAll().execute();
  for (const head of heads) {
    const check = new ChainCheck();
    const events = await store.engine.read
      .selectFrom('event')
      .selectAll()
      .where('stream', '=', head.stream)
      .orderBy('seq')
      .execute();
    for (const event of events) {
      check.next({
        organisation: event.organisation as OrganisationId,
        stream: event.stream as StreamName,
        seq: event.seq,
        id: event.id as EventId,
        type: event.type,
        occurredAt: event.occurred_at as Instant,
        receivedAt: event.received_at as Instant,
        actor: event.actor,
        subject: event.subject,
        facts: event.facts,
        digest: event.digest,
        hash: event.hash,
      });
    }
    expect(check.end(head.stream as StreamName, head)).toBeNull();
  }
}

describe('changePerson', () => {
  test('changes what is given, with one event for each real change', async () => {
    const [ada] = (await add('1')) as [PersonId];
    expect(await changePerson(store, 'operator', ada, { name: 'Ada' })).toEqual({ ok: true });
    expect(await changePerson(store, 'operator', ada, { name: 'Ada' })).toEqual({ ok: true });
    expect(await nameOf(ada)).toBe('Ada');
    const events = await store.engine.read
      .selectFrom('event')
      .select('type')
      .where('subject', '=', ada)
      .execute();
    expect(events.map(({ type }) => type)).toEqual(['person.added', 'person.changed']);
    await checkChains();
  });

  test("refuses another person's number or address, and nobody", async () => {
    const [ada] = (await add('1', '2')) as [PersonId];
    expect(await changePerson(store, 'x', ada, { number: '2' })).toMatchObject({
      code: 'number-taken',
    });
    expect(await changePerson(store, 'x', ada, { email: '2@x.org' })).toMatchObject({
      code: 'email-taken',
    });
    expect(await changePerson(store, 'x', 'nobody' as PersonId, { name: 'A' })).toMatchObject({
      code: 'not-found',
    });
    expect(await changePerson(store, 'x', ada, { number: '3' })).toEqual({ ok: true });
    // who bore a number may take it back; nobody else may
    const [bob] = await add('4');
    expect(await changePerson(store, 'x', bob as PersonId, { number: '1' })).toMatchObject({
      code: 'number-retired',
    });
    expect(await bearerOf('3')).toBe(ada);
    expect(await bearerOf('1')).toBeUndefined();
    expect(await changePerson(store, 'x', ada, { number: '1' })).toEqual({ ok: true });
    expect(await bearerOf('1')).toBe(ada);
  });
});

describe('erasePerson', () => {
  test('takes the name for good, and leaves records, other names and every chain', async () => {
    const [ada, bob] = (await add('1', '2')) as [PersonId, PersonId];
    const roll = await openRoll(store, 'Europe/Berlin');
    const [outcome] = await checkInGuests(store, roll, [['7', 'Guest']]);
    const guest = (outcome as { person: PersonId }).person;
    await commit(store, ({ tx }) =>
      tx
        .updateTable('person')
        .set({ merged_into: ada, state: 'merged' })
        .where('person', '=', guest)
        .execute(),
    );
    const before = await store.engine.read.selectFrom('person_key').selectAll().execute();
    const oldEpoch = new Map(store.vault.epochs);

    expect(await erasePerson(store, 'operator', ada)).toEqual({ ok: true, erased: [ada, guest] });

    expect(await nameOf(ada)).toBe('erased');
    expect(await nameOf(guest)).toBe('erased');
    expect(await nameOf(bob)).toBe('Name 2');
    const rows = await store.engine.read
      .selectFrom('person')
      .selectAll()
      .where('person', 'in', [ada, guest])
      .execute();
    for (const row of rows) {
      expect(row).toMatchObject({
        sealed: null,
        number_index: null,
        email_index: null,
        state: 'erased',
      });
    }
    const events = await store.engine.read
      .selectFrom('event')
      .selectAll()
      .where('subject', 'in', [ada, guest])
      .execute();
    expect(events.length).toBe(4);
    expect(events.every(({ payload }) => payload === null)).toBe(true);
    const records = await store.engine.read.selectFrom('record').selectAll().execute();
    expect(records).toMatchObject([{ person: guest, status: 'present' }]);
    const attempts = await store.engine.read.selectFrom('attempt').selectAll().execute();
    expect(attempts).toMatchObject([{ browser: '', body_digest: '' }]);
    await checkChains();

    // an older copy of the database has wrapped keys that nothing opens any more
    expect(before.every(({ epoch }) => epoch === 1)).toBe(true);
    expect(oldEpoch.has(1)).toBe(true);
    expect([...store.vault.epochs.keys()]).toEqual([2]);
    expect(await store.keys.has('epoch-1.key')).toBe(false);
  });

  test('holds after a restart, and gives the number to nobody else', async () => {
    const [ada] = (await add('1')) as [PersonId];
    await erasePerson(store, 'operator', ada);
    await expect(add('1')).rejects.toThrow('in use before');
    const [again, carl] = (await add('3', '2')) as [PersonId, PersonId];
    await place.opened[Symbol.asyncDispose]();
    const { clock, data: folder, keysFor } = place;
    await using opened = await openStore({
      folder,
      keysFor,
      clock,
      random: store.random,
      zone: 'UTC',
    });
    const known = await new Directory(opened.store).get([ada, again, carl]);
    expect([...known.values()].map(({ name }) => name).sort()).toEqual([
      'Name 2',
      'Name 3',
      'erased',
    ]);
  });

  test('leaves no name in the invitation through which somebody came', async () => {
    const [ada] = (await add('1')) as [PersonId];
    const { organisation, vault, engine } = store;
    const row = (invitation: string, email: string) => ({
      ...{ organisation, invitation, token_hash: invitation, role: 'host', groups: '[]' },
      ...{ created_by: 'x', created_at: 0, expires_at: 0, used_at: 1, revoked_at: null },
      sealed: vault.sealOwn(`invitation/${invitation}`, { name: 'N', email }),
    });
    await engine.write((tx) =>
      engine.insertMany(tx, 'invitation', [row('i1', '1@x.org'), row('i2', '2@x.org')]),
    );
    await erasePerson(store, 'x', ada);
    const rows = await engine.read
      .selectFrom('invitation')
      .selectAll()
      .orderBy('invitation')
      .execute();
    expect(
      rows.map(({ invitation, sealed }) => vault.openOwn(`invitation/${invitation}`, sealed)),
    ).toEqual([
      { name: 'erased', email: null },
      { name: 'N', email: '2@x.org' },
    ]);
  });

  test('two at once, a repeat and nobody', async () => {
    const [ada, bob, eve] = (await add('1', '2', '3')) as [PersonId, PersonId, PersonId];
    const both = await Promise.all([erasePerson(store, 'x', ada), erasePerson(store, 'x', bob)]);
    expect(both.every(({ ok }) => ok)).toBe(true);
    expect(await nameOf(eve)).toBe('Name 3');
    expect(await erasePerson(store, 'x', ada)).toMatchObject({ code: 'not-found' });
    expect(await erasePerson(store, 'x', 'nobody' as PersonId)).toMatchObject({
      code: 'not-found',
    });
    await checkChains();
  });

  test('people who are added meanwhile keep their names', async () => {
    const [ada] = (await add('1', ...Array.from({ length: 450 }, (_, index) => `a${index}`))) as [
      PersonId,
    ];
    const [, late] = await Promise.all([erasePerson(store, 'x', ada), add('b1', 'b2')]);
    store.vault.forget(late[0] as PersonId);
    expect(await nameOf(late[0] as PersonId)).toBe('Name b1');
    await destroyUnusedEpochs(store);
    const epochs = await store.engine.read
      .selectFrom('person_key')
      .select('epoch')
      .distinct()
      .execute();
    expect(epochs).toEqual([{ epoch: 2 }]);
  });
});
