import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, SessionId } from '../core/brand.ts';
import { backup } from './backup.ts';
import { BackupError, readHeader, writeHeader } from './backup-file.ts';
import { erasePerson } from './erasure.ts';
import { databaseName, type EmbeddedInstallation, installationName } from './installation.ts';
import { KeyError } from './key-folder.ts';
import { rotateMaster } from './key-rotation.ts';
import { sha256 } from './ledger-line.ts';
import { type OpenedStore, openStore } from './open.ts';
import { loadNewestBackupAt } from './organisation.ts';
import { loadPeople } from './person.ts';
import { restore } from './restore.ts';
import { organisationStream, sessionStream } from './store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from './throwaway.ts';
import { finish, verifyLedger } from './verify.ts';

const zone = 'Europe/Berlin';
let place: Throwaway;
let roll: SessionId;
let target: string;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T09:00:00+01:00', zone });
  roll = await openRoll(place.store, zone);
  await checkInGuests(place.store, roll, [
    ['1', 'Ada'],
    ['2', 'Grace'],
  ]);
  target = join(place.folder, 'class.backup');
});

afterEach(() => place[Symbol.asyncDispose]());

const make = (to = target) =>
  backup({
    store: place.store,
    installation: place.opened.embedded as EmbeddedInstallation,
    database: join(place.data, databaseName),
    target: to,
    actor: 'operator',
  });

const folder = () => join(place.folder, 'restored');
const keysFor = () => join(place.folder, 'keys');
const put = (file = target, to = folder(), keys: () => string = keysFor) =>
  restore({
    file,
    folder: to,
    keysFor: keys,
    clock: place.clock,
    random: place.store.random,
  });

/** Puts a first line there as somebody would who knows how. */
async function forge(change: object, inside: object): Promise<void> {
  const whole = await readFile(target);
  const end = whole.indexOf(10) + 1;
  const header = JSON.parse(whole.toString('utf8', 0, end));
  const installation = { ...header.installation, ...inside };
  const line = writeHeader({ ...header, installation, ...change });
  await writeFile(target, Buffer.concat([Buffer.from(line), whole.subarray(end)]));
}

const openRestored = (): Promise<OpenedStore> =>
  openStore({
    folder: folder(),
    keysFor: place.keysFor,
    clock: place.clock,
    random: place.store.random,
    zone,
  });

const events = ({ engine }: OpenedStore['store'], to = Number.MAX_SAFE_INTEGER) =>
  engine.read
    .selectFrom('event')
    .selectAll()
    .where('stream', '!=', organisationStream)
    .where('seq', '<=', to)
    .orderBy('stream')
    .orderBy('seq')
    .execute();

const listing = (path: string) => readdir(path).catch(() => null);

describe('backup and restore', () => {
  test('what is restored equals the source, event by event, and verifies', async () => {
    const made = await make();
    expect(made).toMatchObject({ streams: 1, events: 3 });
    expect(await put()).toMatchObject({ streams: 1, events: 3, madeAt: place.clock.at });
    await using restored = await openRestored();
    expect(await events(restored.store)).toEqual(await events(place.store));
    const report = await finish(verifyLedger(restored.store));
    expect(report).toMatchObject({ ok: true, payloads: 3, records: 2 });
    expect(await readdir(folder())).toContain(installationName);
  });

  test('stays encrypted and leaves nothing beside it', async () => {
    await make();
    const bytes = await readFile(target);
    expect(bytes.includes('SQLite format 3')).toBe(false);
    expect(bytes.includes('Ada')).toBe(false);
    expect((await readdir(place.folder)).sort()).toEqual(['class.backup', 'data', 'keys']);
  });

  test('writes an event with size and hash, and knows the newest backup', async () => {
    expect(await loadNewestBackupAt(place.store)).toBeNull();
    const { bytes, sha256 } = await make();
    const [event] = await place.store.engine.read
      .selectFrom('event')
      .selectAll()
      .where('type', '=', 'backup.made')
      .execute();
    expect(event).toMatchObject({ stream: organisationStream, actor: 'operator' });
    expect(JSON.parse(event?.facts ?? '')).toEqual({ bytes, sha256 });
    expect(await loadNewestBackupAt(place.store)).toBe(place.clock.at);
  });

  test('is of one moment while people check in', async () => {
    let going = true;
    const rush = (async () => {
      for (let count = 0; going; count += 1) {
        await checkInGuests(place.store, roll, [[`9${count}`, 'Rush'] as const]);
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      await make(`${target}${round}`);
    }
    going = false;
    await rush;
    await put(`${target}2`);
    await using restored = await openRestored();
    expect(await finish(verifyLedger(restored.store))).toMatchObject({ ok: true });
    const copied = await restored.store.engine.read
      .selectFrom('stream')
      .selectAll()
      .where('stream', '=', sessionStream(roll))
      .executeTakeFirstOrThrow();
    expect(copied.seq).toBeGreaterThan(3);
    expect(await events(restored.store)).toEqual(await events(place.store, copied.seq));
  });

  test('made by whoever was open while the master key was rotated, opens with the new one', async () => {
    await rotateMaster(place.opened, place.data, 'operator', { kind: 'file' });
    await make();
    expect(await put()).toMatchObject({ faults: [] });
    await using restored = await openRestored();
    expect(await finish(verifyLedger(restored.store))).toMatchObject({ ok: true });
  }, 30_000);

  test('never overwrites: neither a file nor a folder', async () => {
    await writeFile(target, 'mine');
    await expect(make()).rejects.toThrow(/is there already/);
    expect(await readFile(target, 'utf8')).toBe('mine');
    await make(`${target}2`);
    await mkdir(folder());
    await writeFile(join(folder(), 'mine'), '');
    await expect(put(`${target}2`)).rejects.toThrow(/is not empty/);
    expect(await readdir(folder())).toEqual(['mine']);
    await expect(make(join(place.folder, 'no', 'folder'))).rejects.toThrow(/is not there/);
  });

  test('refuses a file that was cut off or changed anywhere, and leaves no folder', async () => {
    await make();
    const whole = await readFile(target);
    const bad = join(place.folder, 'bad.backup');
    const refused = async (bytes: Uint8Array) => {
      await writeFile(bad, bytes);
      await expect(put(bad)).rejects.toThrow(BackupError);
      expect(await listing(folder())).toBeNull();
    };
    const header = whole.indexOf(10);
    for (const length of [0, 1, header, header + 1, header + 5_000, whole.length - 1]) {
      await refused(whole.subarray(0, length));
    }
    await refused(Buffer.concat([whole, Buffer.from('x')]));
    const flip = async (at: number, bit: number) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ (1 << bit);
      await refused(changed);
    };
    const bit = fc.integer({ min: 0, max: 7 });
    await fc.assert(fc.asyncProperty(fc.nat({ max: header }), bit, flip), { numRuns: 40 });
    await fc.assert(fc.asyncProperty(fc.nat({ max: whole.length - 1 }), bit, flip), {
      numRuns: 40,
    });
    await put();
  }, 30_000);

  test('refuses a changed database even where its hash was made anew', async () => {
    await make();
    const { header, offset } = await readHeader(target);
    const body = (await readFile(target)).subarray(offset);
    const bad = join(place.folder, 'bad.backup');
    for (let at = 100; at < body.length; at += Math.ceil(body.length / 12)) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] as number) ^ 1;
      const line = writeHeader({ ...header, sha256: sha256(changed) });
      await writeFile(bad, Buffer.concat([Buffer.from(line), changed]));
      await expect(put(bad)).rejects.toThrow(BackupError);
      expect(await listing(folder())).toBeNull();
    }
  }, 30_000);

  test('says what to do about a key that is missing or another', async () => {
    await make();
    const none = () => join(place.folder, 'no-keys');
    await expect(put(target, folder(), none)).rejects.toThrow(KeyError);
    await expect(put(target, folder(), none)).rejects.toThrow(/is missing/);
    const other = await openThrowaway({ at: '2026-11-23T09:00:00+01:00' });
    await expect(put(target, folder(), other.keysFor)).rejects.toThrow(/does not belong/);
    await other[Symbol.asyncDispose]();
    expect(await listing(folder())).toBeNull();
    await expect(put(join(place.folder, 'nothing'))).rejects.toThrow(/There is no file/);
  });

  test('a backup from before an erasure brings back everybody else', async () => {
    const [alan] = await checkInGuests(place.store, roll, [['3', 'Alan']]);
    const { person } = alan as { person: PersonId };
    await make();
    const before = await events(place.store);
    await erasePerson(place.store, 'operator', person);
    const [eve] = await checkInGuests(place.store, roll, [['4', 'Eve']]);
    await erasePerson(place.store, 'operator', (eve as { person: PersonId }).person);
    expect(await put()).toMatchObject({ erased: 1, faults: [] });
    await using restored = await openRestored();
    const { store } = restored;
    const everybody = await store.engine.read.selectFrom('person').selectAll().execute();
    const known = await loadPeople(store, store.engine.read, {
      person: everybody.map((row) => row.person),
    });
    expect(known.map(({ name }) => name).sort()).toEqual(['Ada', 'Grace']);
    expect(everybody.find((row) => row.person === person)).toMatchObject({
      state: 'erased',
      sealed: null,
    });
    const attempts = await store.engine.read
      .selectFrom('attempt')
      .select('browser')
      .where('person', '=', person)
      .execute();
    expect(attempts).toEqual([{ browser: '' }]);
    expect(await finish(verifyLedger(store))).toMatchObject({ ok: true });
    const [last] = (await events(store)).filter(({ type }) => type === 'person.erased');
    expect(last).toMatchObject({ subject: person, actor: 'job' });
    expect(before.find(({ subject }) => subject === person)?.payload).not.toBeNull();
  }, 30_000);

  test('nobody who was erased comes back even with an older copy of the keys', async () => {
    const [alan] = await checkInGuests(place.store, roll, [['3', 'Alan']]);
    const { person } = alan as { person: PersonId };
    await make();
    const older = await readFile(join(keysFor(), 'epoch-1.key'));
    await erasePerson(place.store, 'operator', person);
    await writeFile(join(keysFor(), 'epoch-1.key'), older);
    expect(await put()).toMatchObject({ erased: 1 });
    await using restored = await openRestored();
    const { store } = restored;
    expect(await loadPeople(store, store.engine.read, { person: [person] })).toEqual([]);
  }, 30_000);

  test('a backup from before an erasure without the keys written since says so', async () => {
    await make();
    const [alan] = await checkInGuests(place.store, roll, [['3', 'Alan']]);
    await erasePerson(place.store, 'operator', (alan as { person: PersonId }).person);
    await unlink(join(keysFor(), 'people.ring'));
    await expect(put()).rejects.toThrow(/destroyed when somebody was erased/);
    expect(await listing(folder())).toBeNull();
    await make(`${target}2`);
    await put(`${target}2`);
    await using restored = await openRestored();
    expect(await finish(verifyLedger(restored.store))).toMatchObject({ ok: true, destroyed: 1 });
  }, 30_000);

  test('copies a ledger that does not hold too, and tells where', async () => {
    await place.store.engine.write((tx) =>
      tx.updateTable('event').set({ actor: 'somebody' }).where('seq', '=', 2).execute(),
    );
    const fault = { kind: 'hash', stream: sessionStream(roll), seq: 2 };
    expect((await make()).faults).toMatchObject([fault]);
    expect((await put()).faults).toMatchObject([fault]);
  });
});

test.each<{ change?: object; inside?: object }>([
  { change: { madeAt: 'yesterday' } },
  { change: { madeAt: 1e300 } },
  { change: { bytes: '5' } },
  { change: { sha256: 5 } },
  { change: { installation: 7 } },
  { inside: { installation: '../../elsewhere' } },
  { inside: { databaseKey: 'AAAA' } },
  { inside: { keyCheck: 5 } },
])(
  'a forged first line with %j is no backup, and nothing is restored',
  async ({ change = {}, inside = {} }) => {
    await make();
    await forge(change, inside);
    await expect(put()).rejects.toThrow('is not a backup of Muster, or was changed');
    await expect(readdir(folder())).rejects.toThrow('ENOENT');
  },
);
