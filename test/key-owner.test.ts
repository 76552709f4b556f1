// A key folder belongs to one database: no erasure destroys a key that another one needs.
import { cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import { DatabaseAway } from '../src/server/database-away.ts';
import { keepEpochs } from '../src/server/epoch.ts';
import { Health } from '../src/server/health.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { describeAddress } from '../src/store/database-address.ts';
import { followEpochs } from '../src/store/epoch.ts';
import { erasePeople, erasePerson } from '../src/store/erasure.ts';
import { findOtherOwner, takeKeys } from '../src/store/key-claim.ts';
import { KeyFolder } from '../src/store/key-folder.ts';
import { KeysTaken, readOwner } from '../src/store/key-owner.ts';
import { rotateMaster } from '../src/store/key-rotation.ts';
import { commit } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open.ts';
import { insertPeople, loadPeople } from '../src/store/person.ts';
import type { Store } from '../src/store/store.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { FakeClock } from './app.ts';
import {
  at,
  type BackedUp,
  backUp,
  type FreePlace,
  openFree,
  openSchoolOn,
  putBack,
} from './backup-place.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { moveBetween, openAt } from './move-place.ts';

let folder: string;
let open: AsyncDisposableStack;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-owner-'));
  open = new AsyncDisposableStack();
  open.defer(() => rm(folder, { recursive: true, force: true }));
});
afterEach(() => open.disposeAsync());

/** Opens data as a server does. */
const serve = async (address: DatabaseAddress, keys: string) =>
  open.use(
    await openStore({
      address,
      folder: 'unused',
      keysFor: () => keys,
      clock: new FakeClock(at),
      random: systemRandom,
      zone: 'Europe/Berlin',
      claims: true,
    }),
  );

const add = async (store: Store, number: string): Promise<PersonId> => {
  const [person] = await commit(store, (writing) =>
    insertPeople(store, writing, 'operator', [{ number, name: `Name ${number}`, email: null }]),
  );
  return person as PersonId;
};

/** The name as whoever has just started reads it. */
const nameOf = async (address: DatabaseAddress, keys: string, person: PersonId) => {
  await using opened = await openAt(address, { keysFor: () => keys });
  const { store } = opened;
  return (await loadPeople(store, store.engine.read, { person: [person] }))[0]?.name;
};

const epochFiles = async (keys: string) =>
  (await readdir(keys)).filter((name) => name.startsWith('epoch')).sort();

describe.each(engineNames)('the keys of %s', (engine) => {
  let source: BackedUp;
  let keys: string;
  let copy: FreePlace;

  beforeEach(async () => {
    source = open.use(await openSchoolOn(engine));
    keys = source.home.keysFor();
    // as before there were owners
    await rm(join(keys, 'owner.json'), { force: true });
    copy = open.use(await openFree(engine));
  });

  /** Backs up what is served, and puts it beside it with the same keys. */
  const restoreBeside = async () => {
    const file = join(folder, 'school.backup');
    await backUp(source, file);
    return putBack(file, copy.into, source.home);
  };

  test('are those of whoever is served first, on every instance', async () => {
    expect(await readOwner(new KeyFolder(keys))).toBeNull();
    const { store, where } = await serve(source.address, keys);
    const owner = await readOwner(store.keys);
    expect(owner).toMatchObject({ since: new Date(at).toISOString() });
    if (engine !== 'sqlite') expect(owner?.place).toBe(describeAddress(source.address));
    await cp(keys, join(folder, 'keys of another machine'), { recursive: true });
    const second = await serve(source.address, join(folder, 'keys of another machine'));
    expect([await findOtherOwner(store), await findOtherOwner(second.store)]).toEqual([null, null]);
    expect(second.where).toBe(where);
    expect(await erasePerson(store, 'operator', await add(store, '9001'))).toMatchObject({
      ok: true,
    });
    expect(await readOwner(store.keys)).toEqual(owner);
  });

  test('stay those of the original: what was restored beside it can be read, and destroys nothing', async () => {
    const { store } = await serve(source.address, keys);
    const before = await add(store, '9001');
    const restored = await restoreBeside();
    expect(restored.keysOf).toEqual(await readOwner(store.keys));
    const after = await add(store, '9002');
    const epochs = await epochFiles(keys);

    await expect(serve(copy.address, keys)).rejects.toThrow(KeysTaken);
    await expect(serve(copy.address, keys)).rejects.toThrow(
      /have belonged to the database in .* since 2026-.* muster key take-over/,
    );
    await using opened = await openAt(copy.address, source.home);
    const beside = opened.store;
    expect(await finish(verifyLedger(beside))).toMatchObject({ ok: true });
    expect(await erasePerson(beside, 'operator', before)).toMatchObject({ code: 'keys-taken' });
    const none = async () => {};
    await expect(erasePeople(beside, 'operator', [before], 'people', none)).rejects.toThrow(
      KeysTaken,
    );
    await expect(rotateMaster(opened, '', 'operator', { kind: 'file' })).rejects.toThrow(KeysTaken);
    expect(await epochFiles(keys)).toEqual(epochs);

    expect(await erasePerson(store, 'operator', before)).toMatchObject({ ok: true });
    expect(await epochFiles(keys)).not.toEqual(epochs);
    expect(await nameOf(source.address, keys, after)).toBe('Name 9002');
  });

  test('are taken over when the original is gone, and an erasure destroys as ever', async () => {
    const first = await serve(source.address, keys);
    const person = await add(first.store, '9001');
    const stays = await add(first.store, '9002');
    await restoreBeside();
    const epochs = await epochFiles(keys);
    const health = new Health();
    health.phase = 'serving';
    const databaseAway = new DatabaseAway(first.store.engine, pino({ level: 'silent' }));
    open.use(await keepEpochs({ store: first.store, health, databaseAway }, 50));
    expect([health.serves, (await health.look()).ready]).toEqual([true, true]);
    {
      await using opened = await openAt(copy.address, source.home);
      await takeKeys(opened.store, opened.where);
    }
    // whoever still runs on the original answers nobody before anything goes
    await expect.poll(() => health.serves, { timeout: 30_000 }).toBe(false);
    const reason = async () => (await health.look()).checks.keys;
    await expect.poll(reason, { timeout: 30_000 }).toMatch(/belongs to another database now/);
    await expect(followEpochs(first.store)).rejects.toThrow(KeysTaken);
    expect(await erasePerson(first.store, 'operator', person)).toMatchObject({
      code: 'keys-taken',
    });
    await expect(serve(source.address, keys)).rejects.toThrow(KeysTaken);
    expect(await epochFiles(keys)).toEqual(epochs);

    const { store } = await serve(copy.address, keys);
    expect(await erasePerson(store, 'operator', person)).toMatchObject({ ok: true });
    for (const epoch of epochs) expect(await epochFiles(keys)).not.toContain(epoch);
    expect(await nameOf(copy.address, keys, person)).toBeUndefined();
    expect(await nameOf(copy.address, keys, stays)).toBe('Name 9002');
    // the original's people are gone with the epoch: it says whose keys these are, not that one is missing
    await expect(serve(source.address, keys)).rejects.toThrow(KeysTaken);
  });

  test('can be taken back', async () => {
    await serve(source.address, keys);
    await restoreBeside();
    for (const address of [copy.address, source.address]) {
      await using opened = await openAt(address, source.home);
      await takeKeys(opened.store, opened.where);
      expect(await findOtherOwner(opened.store)).toBeNull();
    }
    await serve(source.address, keys);
    await expect(serve(copy.address, keys)).rejects.toThrow(KeysTaken);
  });

  test('copied for a trial are two folders with an owner each', async () => {
    const { store } = await serve(source.address, keys);
    const person = await add(store, '9001');
    await restoreBeside();
    const trial = join(folder, 'trial keys');
    await cp(keys, trial, { recursive: true });
    await expect(serve(copy.address, trial)).rejects.toThrow(KeysTaken);
    {
      await using opened = await openAt(copy.address, { keysFor: () => trial });
      await takeKeys(opened.store, opened.where);
    }
    const beside = await serve(copy.address, trial);
    expect(await erasePerson(beside.store, 'operator', person)).toMatchObject({ ok: true });
    expect(await nameOf(source.address, keys, person)).toBe('Name 9001');
    await followEpochs(store);
  });

  test('that nobody has claimed are those of what was restored', async () => {
    expect(await restoreBeside()).toMatchObject({ keysOf: null });
    const { store } = await serve(copy.address, keys);
    expect(await findOtherOwner(store)).toBeNull();
    await expect(serve(source.address, keys)).rejects.toThrow(KeysTaken);
  });

  test('go along with a move', async () => {
    await serve(source.address, keys);
    await using there = await freshDatabase(engine);
    const to: DatabaseAddress =
      there.address.engine === 'sqlite'
        ? { engine: 'sqlite', folder: join(there.address.folder ?? '', 'data') }
        : there.address;
    await source.opened[Symbol.asyncDispose]();
    await moveBetween(source.address, to, source.home);
    {
      await using moved = await openAt(to, source.home);
      expect(await findOtherOwner(moved.store)).toBeNull();
    }
    await expect(serve(source.address, keys)).rejects.toThrow(KeysTaken);
  });
});

describe('a data folder', () => {
  test('that was copied as it lies is told from the original as long as that is there', async () => {
    const { home } = open.use(await openSchoolOn('sqlite'));
    const keys = home.keysFor();
    const at = (path: string): DatabaseAddress => ({ engine: 'sqlite', folder: path });
    await (await serve(at(home.data), keys))[Symbol.asyncDispose]();
    const copied = join(folder, 'data');
    await cp(home.data, copied, { recursive: true });
    await expect(serve(at(copied), keys)).rejects.toThrow(`in ${home.data} since`);
    {
      await using opened = await openAt(at(copied), home);
      await takeKeys(opened.store, opened.where);
    }
    await serve(at(copied), keys);
    await expect(serve(at(home.data), keys)).rejects.toThrow(`in ${copied} since`);
  });

  test('that was lost and put back from a backup has its keys again, and what lay there has not', async () => {
    const source = open.use(await openSchoolOn('sqlite'));
    const { home } = source;
    const keys = home.keysFor();
    const there: DatabaseAddress = { engine: 'sqlite', folder: home.data };
    const served = await serve(there, keys);
    const person = await add(served.store, '9001');
    const file = join(folder, 'school.backup');
    await backUp(source, file);
    for (const opened of [served, source.opened]) await opened[Symbol.asyncDispose]();
    const elsewhere = `${home.data} before`;
    await rename(home.data, elsewhere);
    expect(await putBack(file, { folder: home.data }, home)).toMatchObject({ keysOf: null });
    expect(await nameOf(there, keys, person)).toBe('Name 9001');
    await serve(there, keys);
    await expect(serve({ engine: 'sqlite', folder: elsewhere }, keys)).rejects.toThrow(KeysTaken);
  });

  test('that was moved is the same', async () => {
    const { home } = open.use(await openSchoolOn('sqlite'));
    const keys = home.keysFor();
    const at = (path: string): DatabaseAddress => ({ engine: 'sqlite', folder: path });
    await (await serve(at(home.data), keys))[Symbol.asyncDispose]();
    const copied = join(folder, 'data');
    await cp(home.data, copied, { recursive: true });
    await rm(home.data, { recursive: true });
    const { store } = await serve(at(copied), keys);
    expect((await readOwner(store.keys))?.place).toBe(copied);
  });

  test('says what to do where the file about the owner is damaged', async () => {
    const { home } = open.use(await openSchoolOn('sqlite'));
    const address: DatabaseAddress = { engine: 'sqlite', folder: home.data };
    await writeFile(join(home.keysFor(), 'owner.json'), '{"database":');
    await expect(serve(address, home.keysFor())).rejects.toThrow(
      /owner\.json, .* is damaged\. Say it anew with: muster key take-over/,
    );
    {
      await using opened = await openAt(address, home);
      await takeKeys(opened.store, opened.where);
    }
    await serve(address, home.keysFor());
  });
});
