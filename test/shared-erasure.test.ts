import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import { makeId } from '../src/core/id.ts';
import { DatabaseAway } from '../src/server/database-away.ts';
import { keepEpochs } from '../src/server/epoch.ts';
import { Health } from '../src/server/health.ts';
import { Directory } from '../src/store/directory.ts';
import { followEpochs, holdEpoch } from '../src/store/epoch.ts';
import { erasePerson } from '../src/store/erasure.ts';
import { KeyError } from '../src/store/key-folder.ts';
import { commit } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open.ts';
import { insertPeople } from '../src/store/person.ts';
import type { Store } from '../src/store/store.ts';
import { checkInGuests, openRoll } from '../src/store/throwaway.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { FakeClock } from './app.ts';
import { freshDatabase, serverNames, type TestDatabase } from './engines.ts';
import { until } from './until.ts';

const zone = 'Europe/Berlin';
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
let open: AsyncDisposableStack;
let database: TestDatabase;
let folder: string;
let clock: FakeClock;
let here: Store;
let there: Store;

/** Another instance on the database. */
async function openInstance(keys = 'keys'): Promise<Store> {
  const { address } = database;
  const keysFor = () => join(folder, keys);
  return open.use(await openStore({ address, folder, keysFor, clock, random, zone })).store;
}

const add = (store: Store, ...numbers: string[]): Promise<PersonId[]> =>
  commit(store, (writing) =>
    insertPeople(
      store,
      writing,
      'operator',
      numbers.map((number) => ({ number, name: `Name ${number}`, email: null })),
    ),
  );

const nameOf = async (store: Store, person: PersonId | undefined) =>
  (await new Directory(store).get([person as string])).get(person as PersonId)?.name;

const epochsInUse = async () => {
  const rows = await here.engine.read.selectFrom('person_key').select('epoch').execute();
  return [...new Set(rows.map(({ epoch }) => epoch))].sort();
};

const keyFiles = async (keys = 'keys') =>
  (await readdir(join(folder, keys))).filter((name) => name.startsWith('epoch')).sort();

/** What an instance finds that was started just now and remembers nothing. */
async function checkAll(): Promise<void> {
  const fresh = await openInstance();
  expect((await finish(verifyLedger(fresh))).faults).toEqual([]);
}

describe.each(serverNames)('an erasure beside another instance on %s', (engine) => {
  beforeEach(async () => {
    open = new AsyncDisposableStack();
    folder = await mkdtemp(join(tmpdir(), 'muster-erasure-'));
    open.defer(() => rm(folder, { recursive: true, force: true }));
    database = open.use(await freshDatabase(engine));
    clock = new FakeClock();
    here = await openInstance();
    there = await openInstance();
  });
  afterEach(() => open.disposeAsync());

  test('waits for a key that is just being made, and takes it along', async () => {
    const [ada] = await add(here, '1');
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const made = makeId<PersonId>(clock.now(), random);
    let isMade = () => {};
    const making = new Promise<void>((resolve) => {
      isMade = resolve;
    });
    const { engine: database, organisation, vault } = there;
    const slow = database.write(async (tx) => {
      await holdEpoch(there, tx);
      const row = {
        ...{ organisation, person: made, number_index: null, email_index: null, guest_of: null },
        ...{ state: 'active', merged_into: null, added_at: clock.now() },
      };
      const key = vault.makePersonKey(made);
      const sealed = vault.sealPerson(made, key, { number: '2', name: 'Name 2', email: null });
      await database.insertMany(tx, 'person', [{ ...row, sealed }]);
      const wrapped = { organisation, person: made, ...vault.wrapPersonKey(made, key) };
      await database.insertMany(tx, 'person_key', [wrapped]);
      isMade();
      await held;
    });
    await making;
    let isOver = false;
    const erasing = erasePerson(here, 'operator', ada as PersonId).finally(() => {
      isOver = true;
    });
    // without the latch it would be over long before
    await Promise.race([erasing, pause(1_500)]);
    expect(isOver).toBe(false);
    letGo();
    await slow;
    expect(await erasing).toEqual({ ok: true, erased: [ada] });
    expect(await epochsInUse()).toEqual([2]);
    expect(await keyFiles()).toEqual(['epoch-2.key']);
    expect(await nameOf(await openInstance(), made)).toBe('Name 2');
  });

  test('is followed: the other instance reads and makes keys under the new epoch and forgets the old one', async () => {
    const [ada, bob] = await add(here, '1', '2');
    await erasePerson(here, 'operator', ada as PersonId);
    expect([...there.vault.epochs.keys()]).toEqual([1]);
    expect(await nameOf(there, bob)).toBe('Name 2');
    const [eve] = await add(there, '3');
    expect(await epochsInUse()).toEqual([2]);
    await followEpochs(there);
    expect([...there.vault.epochs.keys()]).toEqual([2]);
    expect(await nameOf(await openInstance(), eve)).toBe('Name 3');
  });

  test('an instance with a copy of the key folder says which key it lacks, and goes on once it has it', async () => {
    const [ada] = await add(here, '1', '2');
    await cp(join(folder, 'keys'), join(folder, 'copy'), { recursive: true });
    const apart = await openInstance('copy');
    await erasePerson(here, 'operator', ada as PersonId);
    for (const failing of [
      () => add(apart, '3'),
      () => followEpochs(apart),
      () => erasePerson(apart, 'operator', ada as PersonId).then(() => add(apart, '3')),
    ]) {
      const error = await failing().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(KeyError);
      expect((error as Error).message).toMatch(
        /epoch-2\.key is missing: another instance has made it .* copy the file here/,
      );
    }
    const health = new Health();
    const log = pino({ level: 'silent' });
    const databaseAway = new DatabaseAway(apart.engine, log);
    open.use(await keepEpochs({ store: apart, health, databaseAway }, 50));
    const ready = async () => (await health.look()).checks.keys;
    await expect.poll(ready).toMatch(/^an epoch key .* is not in the key/);
    await cp(join(folder, 'keys', 'epoch-2.key'), join(folder, 'copy', 'epoch-2.key'));
    await expect.poll(ready).toBe('ok');
    await add(apart, '3');
    expect(await epochsInUse()).toEqual([2]);
    expect(await keyFiles('copy')).toEqual(['epoch-2.key']);
    await checkAll();
  });

  test('of two at once on two instances each has its turn', async () => {
    const people = await add(here, '1', '2', '3', '4');
    const [ada, bob, eve, rest] = people as [PersonId, PersonId, PersonId, PersonId];
    const outcomes = await Promise.all([
      erasePerson(here, 'operator', ada),
      erasePerson(there, 'operator', bob),
      erasePerson(here, 'operator', eve),
      erasePerson(there, 'operator', eve),
    ]);
    expect(outcomes.slice(0, 2).every(({ ok }) => ok)).toBe(true);
    expect(
      outcomes
        .slice(2)
        .map(({ ok }) => ok)
        .sort(),
    ).toEqual([false, true]);
    expect(await epochsInUse()).toEqual([4]);
    expect(await keyFiles()).toEqual(['epoch-4.key']);
    expect(await nameOf(await openInstance(), rest)).toBe('Name 4');
    await checkAll();
  });

  test('loses nobody who comes while it runs, and leaves no trace of those who go', async () => {
    const roll = await openRoll(here, zone);
    const going = await checkInGuests(
      here,
      roll,
      Array.from({ length: 6 }, (_, index) => [`g${index}`, `Going ${index}`] as const),
    );
    const leaving = going.flatMap((outcome) => (outcome.ok ? outcome.person : []));
    const came: PersonId[] = [];
    let isOver = false;
    const rush = async (store: Store, name: string) => {
      for (let index = 0; !isOver; index += 1) {
        // strangers, and whoever is just being erased, from another phone
        const outcomes = await checkInGuests(store, roll, [
          [`${name}${index}`, `Name ${name}${index}`],
          [`g${index % 6}`, `Going ${index % 6}`],
        ]);
        if (outcomes[0]?.ok) came.push(outcomes[0].person);
      }
    };
    const rushes = [rush(here, 'h'), rush(there, 't')];
    for (const [index, person] of leaving.entries()) {
      const outcome = await erasePerson(index % 2 === 0 ? here : there, 'operator', person);
      expect(outcome.ok).toBe(true);
      await until(() => came.length > index + 1);
    }
    isOver = true;
    await Promise.all(rushes);

    expect(await epochsInUse()).toEqual([7]);
    const fresh = await openInstance();
    const known = await new Directory(fresh).get(came);
    expect([...known.values()].filter(({ name }) => !name.startsWith('Name '))).toEqual([]);
    for (const table of ['claim', 'person_key', 'sign_in'] as const) {
      const rows = await fresh.engine.read
        .selectFrom(table)
        .select('person')
        .where('person', 'in', leaving)
        .execute();
      expect(rows, table).toEqual([]);
    }
    const attempts = await fresh.engine.read
      .selectFrom('attempt')
      .select(['browser', 'body_digest'])
      .where('person', 'in', leaving)
      .execute();
    expect(attempts.length).toBeGreaterThanOrEqual(6);
    expect(attempts.filter((row) => row.browser !== '' || row.body_digest !== '')).toEqual([]);
    await checkAll();
  });
});
