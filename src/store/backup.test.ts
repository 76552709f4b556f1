import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, SessionId } from '../core/brand.ts';
import { backup } from './backup.ts';
import { BackupError } from './backup-error.ts';
import { type RowHeader, readHeader, writeHeader } from './backup-file.ts';
import { erasePerson } from './erasure.ts';
import { databaseName, installationName } from './installation.ts';
import { KeyError } from './key-folder.ts';
import { rotateMaster } from './key-rotation.ts';
import { changeHold, listHolds } from './legal-hold.ts';
import { type OpenedStore, openStore } from './open.ts';
import { loadNewestBackupAt } from './organisation.ts';
import { loadPeople } from './person.ts';
import { addMember } from './person-add.ts';
import { restore } from './restore.ts';
import { organisationStream, sessionStream } from './store.ts';
import { checkInGuests, openAttended, openThrowaway, type Throwaway } from './throwaway.ts';
import { finish, verifyLedger } from './verify.ts';

const zone = 'Europe/Berlin';
let place: Throwaway;
let roll: SessionId;
let target: string;

beforeEach(async () => {
  ({ place, roll } = await openAttended(zone));
  target = join(place.folder, 'class.backup');
});

afterEach(() => place[Symbol.asyncDispose]());

const make = (to = target) =>
  backup({
    store: place.store,
    installation: place.opened.installation,
    dataFolder: place.data,
    target: to,
    actor: 'operator',
  });

const folder = () => join(place.folder, 'restored');
const keysFor = () => join(place.folder, 'keys');
const put = (file = target, to = folder(), keys: () => string = keysFor) =>
  restore({
    file,
    into: { folder: to },
    keysFor: keys,
    clock: place.clock,
    random: place.store.random,
  });

/** The first line, then every chunk with its length. */
async function takeApart(file: string): Promise<Buffer[]> {
  const whole = await readFile(file);
  let at = whole.indexOf(10) + 1;
  const pieces = [whole.subarray(0, at)];
  while (at < whole.length) {
    const length = 4 + (whole.readUInt32BE(at) & 0x7fff_ffff);
    pieces.push(whole.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** Puts a first line there as somebody would who knows how. */
async function forge(change: object): Promise<void> {
  const whole = await readFile(target);
  const end = whole.indexOf(10) + 1;
  const line = writeHeader({ ...(await readHeader(target)), ...change } as RowHeader);
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
  });

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

  test('what a restore has left that was killed is cleared away by the next one; no server starts on it', async () => {
    await make();
    await mkdir(folder());
    const left = ['restoring.json', '.restore-01234567', '.restore-01234567-wal', databaseName];
    for (const name of left) await writeFile(join(folder(), name), '');
    await expect(openRestored()).rejects.toThrow(/A restore into .* is not finished/);
    await writeFile(join(folder(), 'mine'), '');
    await expect(put()).rejects.toThrow(/is not empty/);
    expect(await readdir(folder())).toHaveLength(5);
    await unlink(join(folder(), 'mine'));
    await put();
    expect((await readdir(folder())).sort()).toEqual([installationName, databaseName]);
    await using restored = await openRestored();
    expect(await finish(verifyLedger(restored.store))).toMatchObject({ ok: true });
  });

  test('a database that lost its description is nobody’s to clear away', async () => {
    await make();
    await mkdir(folder());
    await writeFile(join(folder(), databaseName), 'mine');
    await expect(put()).rejects.toThrow(/is not empty/);
    expect(await readFile(join(folder(), databaseName), 'utf8')).toBe('mine');
  });

  test('of two restores at once into one folder one is whole', async () => {
    await make();
    const both = await Promise.allSettled([put(), put()]);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2);
    if (both.every(({ status }) => status === 'rejected')) await put();
    await using restored = await openRestored();
    expect(await finish(verifyLedger(restored.store))).toMatchObject({ ok: true });
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
    const cut = (length: number) => refused(whole.subarray(0, length));
    for (const length of [0, 1, header, header + 1, whole.length - 1]) await cut(length);
    await fc.assert(fc.asyncProperty(fc.nat({ max: whole.length - 1 }), cut), { numRuns: 15 });
    await refused(Buffer.concat([whole, Buffer.from('x')]));
    const flip = async (at: number, bit: number) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ (1 << bit);
      await refused(changed);
    };
    const bit = fc.integer({ min: 0, max: 7 });
    await fc.assert(fc.asyncProperty(fc.nat({ max: header }), bit, flip), { numRuns: 15 });
    await fc.assert(fc.asyncProperty(fc.nat({ max: whole.length - 1 }), bit, flip), {
      numRuns: 15,
    });
    await put();
  });

  test('refuses a changed first line even where its check was made anew', async () => {
    await make();
    const whole = await readFile(target);
    const header = (await readHeader(target)) as RowHeader;
    const bad = join(place.folder, 'bad.backup');
    const salt = randomBytes(16).toString('base64');
    for (const change of [{ madeAt: header.madeAt + 1 }, { schema: 1 }, { salt }]) {
      const line = writeHeader({ ...header, ...change });
      const body = whole.subarray(whole.indexOf(10) + 1);
      await writeFile(bad, Buffer.concat([Buffer.from(line), body]));
      await expect(put(bad)).rejects.toThrow(/was changed or damaged/);
      expect(await listing(folder())).toBeNull();
    }
  });

  test('refuses chunks that are missing, doubled, in another order or of another backup', async () => {
    await make();
    await make(`${target}2`);
    const [line, ...chunks] = await takeApart(target);
    const [, other] = await takeApart(`${target}2`);
    const [first, second] = chunks;
    const bad = join(place.folder, 'bad.backup');
    for (const pieces of [
      chunks.slice(1),
      chunks.slice(0, -1),
      [...chunks.slice(0, -2), chunks.at(-1)],
      [first, ...chunks],
      [second, first, ...chunks.slice(2)],
      [...chunks, chunks.at(-1)],
      [other, ...chunks.slice(1)],
    ]) {
      await writeFile(bad, Buffer.concat([line, ...pieces] as Buffer[]));
      await expect(put(bad)).rejects.toThrow(BackupError);
      expect(await listing(folder())).toBeNull();
    }
  });

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
  });

  test('a backup from when a hold stood, which was lifted before the erasure, brings no hold back', async () => {
    const { store } = place;
    const added = await addMember(store, 'operator', { number: '7', name: 'Ida', email: null });
    const { person } = added as { person: PersonId };
    const hold = (held: boolean) =>
      changeHold(store, 'operator', person, { held, reason: 'Ida goes to court' });
    await hold(true);
    await make();
    await hold(false);
    expect(await erasePerson(store, 'operator', person)).toMatchObject({ ok: true });
    expect(await put()).toMatchObject({ erased: 1 });
    await using restored = await openRestored();
    expect(await listHolds(restored.store)).toEqual([]);
    expect((await finish(verifyLedger(restored.store))).faults).toEqual([]);
  });

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
  });

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
  });

  test('copies a ledger that does not hold too, and tells where', async () => {
    await place.store.engine.write((tx) =>
      tx.updateTable('event').set({ actor: 'somebody' }).where('seq', '=', 2).execute(),
    );
    const fault = { kind: 'hash', stream: sessionStream(roll), seq: 2 };
    expect((await make()).faults).toMatchObject([fault]);
    expect((await put()).faults).toMatchObject([fault]);
  });
});

test.each<object>([
  { madeAt: 'yesterday' },
  { madeAt: 1e300 },
  { installation: 7 },
  { installation: '../../elsewhere' },
  { checks: [] },
  { checks: [5] },
  { wrappedKey: 'AAAA' },
  { organisation: '' },
  { schema: '4' },
  { salt: null },
])('a forged first line with %j is no backup, and nothing is restored', async (change) => {
  await make();
  await forge(change);
  await expect(put()).rejects.toThrow('is not a backup of Muster, or was changed');
  await expect(readdir(folder())).rejects.toThrow('ENOENT');
});
