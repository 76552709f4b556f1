import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Instant, PersonId } from '../src/core/brand.ts';
import { type NextKey, type RotationStep, rotateMaster } from '../src/store/key-rotation.ts';
import { loadKeyStatus } from '../src/store/key-status.ts';
import { commit } from '../src/store/ledger.ts';
import type { MasterSource } from '../src/store/master-key.ts';
import { type OpenedStore, openStore } from '../src/store/open.ts';
import { insertPeople, loadPeople } from '../src/store/person.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { engineNames, freshDatabase, type TestDatabase } from './engines.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const clock = { now: () => Date.now() as Instant };

describe.each(engineNames)('a new master key on %s', (engine) => {
  let database: TestDatabase;
  let keys: string;
  let data: string;
  let ada: PersonId;

  const open = (masterKey?: MasterSource): Promise<OpenedStore> =>
    openStore({
      address: database.address,
      folder: data,
      keysFor: () => keys,
      masterKey,
      clock,
      random,
      zone: 'UTC',
    });

  beforeEach(async () => {
    database = await freshDatabase(engine);
    keys = await mkdtemp(join(tmpdir(), 'muster-keys-'));
    data = database.address.engine === 'sqlite' ? (database.address.folder ?? '') : '';
    await using opened = await open();
    ada = await add(opened, 'Ada');
  });
  afterEach(async () => {
    await rm(keys, { recursive: true, force: true });
    await database[Symbol.asyncDispose]();
  });

  const add = async ({ store }: OpenedStore, name: string): Promise<PersonId> => {
    const identity = { number: null, name, email: null };
    const [id] = await commit(store, (writing) => insertPeople(store, writing, 'x', [identity]));
    return id as PersonId;
  };
  const nameOf = async ({ store }: OpenedStore) =>
    (await loadPeople(store, store.engine.read, { person: [ada] }))[0]?.name;
  const masterFiles = async () =>
    (await readdir(keys)).filter((name) => name.startsWith('master')).sort();
  const readMaster = () => readFile(join(keys, 'master.key'), 'utf8');
  const phrase = (text: string): MasterSource => ({ given: true, ask: async () => text });
  const passphrase: NextKey = { kind: 'passphrase', passphrase: 'six words that nobody says' };
  const same = phrase('six words that nobody says');

  test('opens everything from then on, the old one nothing, and whoever runs goes on', async () => {
    const before = await readMaster();
    await using running = await open();
    {
      await using second = await open();
      await rotateMaster(second, data, 'operator', { kind: 'file' });
    }
    await add(running, 'Grace');
    expect(await masterFiles()).toEqual(['master.key']);
    expect(await readMaster()).not.toBe(before);
    await using again = await open();
    expect(await nameOf(again)).toBe('Ada');
    expect((await finish(verifyLedger(again.store))).faults).toEqual([]);
    await expect(open(new Uint8Array(Buffer.from(before, 'base64')))).rejects.toThrow(
      'does not belong',
    );
  });

  test('comes from a passphrase, from elsewhere, and from a file again', async () => {
    {
      await using opened = await open();
      await rotateMaster(opened, data, 'operator', passphrase);
    }
    expect(await masterFiles()).toEqual([]);
    await expect(open()).rejects.toThrow('MUSTER_PASSPHRASE_FILE');
    await expect(open(phrase('six words that somebody says'))).rejects.toThrow('does not open');
    const key = new Uint8Array(randomBytes(32));
    {
      await using opened = await open(same);
      expect(await nameOf(opened)).toBe('Ada');
      expect((await loadKeyStatus(opened, data)).master).toBe('passphrase');
      await rotateMaster(opened, data, 'operator', { kind: 'given', key });
    }
    await using opened = await open(key);
    await rotateMaster(opened, data, 'operator', { kind: 'file' });
    await using last = await open();
    expect(await nameOf(last)).toBe('Ada');
    expect(await loadKeyStatus(last, data)).toMatchObject({ master: 'file', rotating: false });
  });

  test('a passphrase that is too short changes nothing', async () => {
    await using opened = await open();
    const short: NextKey = { kind: 'passphrase', passphrase: 'too short' };
    await expect(rotateMaster(opened, data, 'operator', short)).rejects.toThrow('too short');
    await using again = await open();
    expect(await nameOf(again)).toBe('Ada');
  });

  const steps: readonly RotationStep[] = ['made', 'announced', 'wrapped', 'settled'];
  const breakOff = async (wanted: NextKey, at: RotationStep) => {
    await using opened = await open();
    const broken = rotateMaster(opened, data, 'operator', wanted, (step) => {
      if (step === at) throw new Error(`broken off: ${step}`);
    });
    await expect(broken).rejects.toThrow('broken off');
  };

  test.each(steps)('broken off when it is %s, it opens and is finished', async (at) => {
    await breakOff({ kind: 'file' }, at);
    {
      await using opened = await open();
      expect(await nameOf(opened)).toBe('Ada');
      const done = await rotateMaster(opened, data, 'operator', { kind: 'file' });
      expect(done).toEqual({ finished: true, kind: 'file' });
    }
    expect(await masterFiles()).toEqual(['master.key']);
    await using again = await open();
    expect(await nameOf(again)).toBe('Ada');
    expect(await loadKeyStatus(again, data)).toMatchObject({ rotating: false });
  });

  test.each(steps)('broken off when it is %s, the passphrase or the key opens', async (at) => {
    await breakOff(passphrase, at);
    {
      await using opened = await open(same);
      expect(await nameOf(opened)).toBe('Ada');
      await rotateMaster(opened, data, 'operator', passphrase);
    }
    expect(await masterFiles()).toEqual([]);
    await using again = await open(same);
    expect(await nameOf(again)).toBe('Ada');
    expect(await loadKeyStatus(again, data)).toMatchObject({ rotating: false });
  });

  test('new data begin under a passphrase that is given', async () => {
    await using other = await freshDatabase(engine);
    const folder = other.address.engine === 'sqlite' ? (other.address.folder ?? '') : '';
    const place = join(keys, 'others');
    const begin = () =>
      openStore({
        address: other.address,
        folder,
        keysFor: () => place,
        masterKey: same,
        clock,
        random,
        zone: 'UTC',
      });
    {
      await using first = await begin();
      expect(first.installation.created).toBe(true);
    }
    expect(await readdir(place)).toEqual(['epoch-1.key']);
    await using second = await begin();
    expect(second.installation.created).toBe(false);
  });
});
