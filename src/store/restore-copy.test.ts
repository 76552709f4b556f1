import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3-multiple-ciphers';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId, SessionId } from '../core/brand.ts';
import { BackupError } from './backup-error.ts';
import { type CopyHeader, readHeader, writeHeader } from './backup-file.ts';
import { readDatabaseAddress, type ServerAddress } from './database-address.ts';
import { erasePerson } from './erasure.ts';
import { databaseName, type EmbeddedInstallation } from './installation.ts';
import { commit } from './ledger.ts';
import { sha256 } from './ledger-line.ts';
import { listMail, queueMail } from './mail.ts';
import { openStore } from './open.ts';
import { insertPeople, loadPeople } from './person.ts';
import { inspectBackup, type RestorePlace, restore } from './restore.ts';
import { checkInGuests, openAttended, type Throwaway } from './throwaway.ts';
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

/** As Muster made backups before they held rows: the encrypted database, copied page by page, behind a first line. */
async function make(): Promise<void> {
  const { file, databaseKey } = place.opened.embedded as EmbeddedInstallation;
  const copy = join(place.folder, 'copy');
  const db = new Sqlite(join(place.data, databaseName), { readonly: true });
  db.pragma("cipher='chacha20'");
  db.pragma(`key='raw:${Buffer.from(databaseKey).toString('hex')}'`);
  db.prepare('vacuum into ?').run(copy);
  db.close();
  await write(await readFile(copy), { installation: file, madeAt: place.clock.at });
  await unlink(copy);
}

const write = (body: Buffer, about: Pick<CopyHeader, 'installation' | 'madeAt'>) =>
  writeFile(target, Buffer.concat([Buffer.from(lineFor(body, about)), body]));

const lineFor = (
  body: Buffer,
  { installation, madeAt }: Pick<CopyHeader, 'installation' | 'madeAt'>,
) =>
  writeHeader({ format: 'copy', madeAt, installation, bytes: body.length, sha256: sha256(body) });

const folder = () => join(place.folder, 'restored');
const given = () => ({
  file: target,
  keysFor: place.keysFor,
  clock: place.clock,
  random: place.store.random,
});
const put = (into: RestorePlace = { folder: folder() }) => restore({ ...given(), into });
const openRestored = () => openStore({ ...given(), folder: folder(), zone });

const events = ({ engine }: Throwaway['store']) =>
  engine.read.selectFrom('event').selectAll().orderBy('stream').orderBy('seq').execute();

test('a backup of an earlier Muster is restored as it was, and looked at without a trace', async () => {
  await make();
  expect(await inspectBackup(given())).toMatchObject({ events: 3, streams: 1, faults: [] });
  expect(await put()).toMatchObject({ events: 3, streams: 1, madeAt: place.clock.at, erased: 0 });
  await using restored = await openRestored();
  expect(await events(restored.store)).toEqual(await events(place.store));
  expect(await finish(verifyLedger(restored.store))).toMatchObject({ ok: true, payloads: 3 });
  const left = (await readdir(place.folder)).sort();
  expect(left).toEqual(['class.backup', 'data', 'keys', 'restored']);
});

test('it is refused where it was cut off or changed, even where its hash was made anew', async () => {
  await make();
  const whole = await readFile(target);
  const header = (await readHeader(target)) as CopyHeader;
  const refused = async (bytes: Uint8Array) => {
    await writeFile(target, bytes);
    await expect(put()).rejects.toThrow(BackupError);
    await expect(readdir(folder())).rejects.toThrow('ENOENT');
  };
  const anywhere = fc.nat({ max: whole.length - 1 });
  const cut = (length: number) => refused(whole.subarray(0, length));
  await fc.assert(fc.asyncProperty(anywhere, cut), { numRuns: 20 });
  const flip = async (at: number) => {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] as number) ^ 1;
    await refused(changed);
    const body = changed.subarray(whole.indexOf(10) + 1);
    if (at > whole.indexOf(10) + 100)
      await refused(Buffer.concat([Buffer.from(lineFor(body, header)), body]));
  };
  await fc.assert(fc.asyncProperty(anywhere, flip), { numRuns: 20 });
  await refused(Buffer.concat([whole, Buffer.from('x')]));
});

test('whoever was erased after it stays erased', async () => {
  const [alan] = await checkInGuests(place.store, roll, [['3', 'Alan']]);
  const { person } = alan as { person: PersonId };
  await make();
  await erasePerson(place.store, 'operator', person);
  expect(await put()).toMatchObject({ erased: 1, faults: [] });
  await using restored = await openRestored();
  const { store } = restored;
  expect(await loadPeople(store, store.engine.read, { person: [person] })).toEqual([]);
  expect(await finish(verifyLedger(store))).toMatchObject({ ok: true });
});

test('a mail to whoever was erased after it does not come back', async () => {
  const { store } = place;
  const email = 'alan@example.org';
  const [alan] = await commit(store, async (writing) => {
    await queueMail(store, writing, [{ to: email, template: 'registration-known', data: {} }]);
    return insertPeople(store, writing, 'operator', [{ number: '3', name: 'Alan', email }]);
  });
  await make();
  await erasePerson(store, 'operator', alan as PersonId);
  expect(await listMail(store, 9)).toEqual([]);
  await put();
  await using restored = await openRestored();
  expect(await listMail(restored.store, 9)).toEqual([]);
});

test('into a server it goes by way of a folder', async () => {
  await make();
  const address = readDatabaseAddress('postgres://nobody@127.0.0.1:1/none') as ServerAddress;
  await expect(put({ address, timeoutMs: 1_000 })).rejects.toThrow(/with muster move/);
});
