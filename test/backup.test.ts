import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId, StreamName } from '../src/core/brand.ts';
import { backup } from '../src/store/backup.ts';
import { openServer } from '../src/store/database.ts';
import { erasePerson } from '../src/store/erasure.ts';
import { readInstallation } from '../src/store/installation.ts';
import { loadPeople } from '../src/store/person.ts';
import { inspectBackup, type RestorePlace } from '../src/store/restore.ts';
import { organisationStream, type Store } from '../src/store/store.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { checkInGuests, openRoll } from '../src/store/throwaway.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { FakeClock } from './app.ts';
import { at, type BackedUp, backUp, openFree, openSchoolOn, putBack } from './backup-place.ts';
import { findTraces } from './dump/trace.ts';
import { engineNames, serverNames } from './engines.ts';
import { openAt, tablesOf, textOf } from './move-place.ts';
import { until } from './until.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-backup-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const events = ({ engine }: Store) =>
  engine.read.selectFrom('event').selectAll().orderBy('stream').orderBy('seq').execute();

const heads = async ({ engine }: Store): Promise<Map<string, number>> => {
  const rows = await engine.read.selectFrom('stream').select(['stream', 'seq']).execute();
  return new Map(rows.map(({ stream, seq }) => [stream, seq]));
};

async function everybody(store: Store) {
  const { read } = store.engine;
  const rows = await read.selectFrom('person').select('person').execute();
  return loadPeople(store, read, { person: rows.map(({ person }) => person) });
}

/** Nothing is there that was not there before. */
async function expectNothing(into: RestorePlace): Promise<void> {
  if ('folder' in into) {
    await expect(readdir(into.folder)).rejects.toThrow('ENOENT');
    return;
  }
  await using engine = await openServer(into.address);
  expect(await engine.read.introspection.getTables()).toEqual([]);
}

describe.each(engineNames)('a backup of %s', (from) => {
  let source: BackedUp;
  let file: string;

  beforeAll(async () => {
    source = await openSchoolOn(from);
  });
  afterAll(() => source[Symbol.asyncDispose]());
  beforeEach(() => {
    file = join(folder, 'school.backup');
  });

  test.each(engineNames)('restores into %s as it was, table by table', async (to) => {
    const before = await tablesOf(source.opened);
    const made = await backUp(source, file);
    expect(made).toMatchObject({ file, faults: [] });
    await using place = await openFree(to);
    const restored = await putBack(file, place.into, source.home);
    expect(restored).toMatchObject({ events: made.events, streams: made.streams, erased: 0 });
    expect(restored.tables.event).toBe(made.events);
    await using there = await openAt(place.address, source.home);
    expect(await tablesOf(there)).toEqual(before);
    expect(there.installation.id).toBe(source.opened.installation.id);
    const report = await finish(verifyLedger(there.store));
    expect(report).toMatchObject({ ok: true, events: made.events });
  });

  test.each(engineNames)(
    'made while people check in restores into %s as of one moment',
    async (to) => {
      const { store } = source.opened;
      const roll = await openRoll(store, 'Europe/Berlin');
      let going = true;
      let done = 0;
      const rush = async (lane: number) => {
        for (let count = 0; going; count += 1) {
          await checkInGuests(store, roll, [[`${to}${lane}-${count}`, 'Rush'] as const]);
          done += 1;
        }
      };
      const lanes = [0, 1, 2].map(rush);
      await backUp(source, `${file}1`);
      await until(() => done > 5);
      await backUp(source, `${file}2`);
      going = false;
      await Promise.all(lanes);
      await using place = await openFree(to);
      await putBack(`${file}2`, place.into, source.home);
      await using there = await openAt(place.address, source.home);
      const report = await finish(verifyLedger(there.store));
      expect(report).toMatchObject({ ok: true, faults: [] });
      const ends = await heads(there.store);
      expect(ends.get(`session:${roll}`)).toBeGreaterThan(1);
      const past = (await events(store)).filter(
        ({ stream, seq }) => seq <= (ends.get(stream) ?? 0),
      );
      expect((await events(there.store)).map(textOf)).toEqual(past.map(textOf));
      const attempts = async (of: Store) =>
        (
          await of.engine.read
            .selectFrom('attempt')
            .selectAll()
            .where('session', '=', roll)
            .orderBy('ticket')
            .execute()
        ).filter(({ seq }) => seq <= (ends.get(`session:${roll}` as StreamName) ?? 0));
      expect(await attempts(there.store)).toEqual(await attempts(store));
    },
  );

  test('holds no name, number or mail in the clear', async () => {
    await backUp(source, file);
    const people = await everybody(source.opened.store);
    const values = people
      .flatMap(({ name, number, email }) => [name, number, email])
      .filter((value) => value !== null);
    expect(values.length).toBeGreaterThan(30);
    const bytes = await readFile(file);
    expect(findTraces(bytes, values)).toEqual([]);
    expect(bytes.subarray(0, bytes.indexOf(10)).toString()).toMatch(/^\{"muster":"backup"/);
  });

  test('goes to a stream, the same way, and leaves it open', async () => {
    const pieces: Buffer[] = [];
    const stream = new Writable({
      highWaterMark: 1,
      write(piece: Buffer, _, done) {
        pieces.push(piece);
        setImmediate(done);
      },
    });
    const { store, installation } = source.opened;
    const dataFolder = source.home.data;
    const made = await backup({
      store,
      installation,
      dataFolder,
      target: stream,
      actor: 'operator',
    });
    expect(made).toMatchObject({ file: null, bytes: Buffer.concat(pieces).length });
    expect(stream.writable).toBe(true);
    const given = {
      file: (async function* () {
        for (const byte of pieces) yield byte;
      })(),
      keysFor: source.home.keysFor,
      clock: new FakeClock(at),
      random: systemRandom,
    };
    const found = await inspectBackup(given);
    expect(found).toMatchObject({ events: made.events, faults: [] });
  });

  test('in a folder is named after the time, and is an event of the ledger', async () => {
    const { file: named, bytes, sha256 } = await backUp(source, folder);
    expect(named).toBe(join(folder, 'muster-2026-11-24T080000Z.backup'));
    expect(await readdir(folder)).toEqual(['muster-2026-11-24T080000Z.backup']);
    const [newest] = await source.opened.store.engine.read
      .selectFrom('event')
      .select(['stream', 'facts'])
      .where('type', '=', 'backup.made')
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    expect(newest?.stream).toBe(organisationStream);
    expect(JSON.parse(newest?.facts ?? '')).toEqual({ bytes, sha256 });
  });

  test('of which somebody stops reading is an error', async () => {
    const stream = new Writable({
      write(_piece, _, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    stream.on('error', () => {});
    const { store, installation } = source.opened;
    const dataFolder = source.home.data;
    await expect(
      backup({ store, installation, dataFolder, target: stream, actor: 'operator' }),
    ).rejects.toThrow(/stopped reading/);
  });
});

describe.each(engineNames)('a restore into %s', (to) => {
  let source: BackedUp;
  let whole: Buffer;

  beforeAll(async () => {
    source = await openSchoolOn('sqlite');
    const made = join(source.home.folder, 'made.backup');
    await backUp(source, made);
    whole = await readFile(made);
  });
  afterAll(() => source[Symbol.asyncDispose]());

  test('refuses what was cut off or changed anywhere, and leaves nothing', async () => {
    await using place = await openFree(to);
    const bad = join(folder, 'bad.backup');
    const refused = async (bytes: Uint8Array, says: RegExp) => {
      await writeFile(bad, bytes);
      await expect(putBack(bad, place.into, source.home)).rejects.toThrow(says);
      await expectNothing(place.into);
    };
    const anywhere = fc.nat({ max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(anywhere, (length) =>
        refused(
          whole.subarray(0, length),
          length === 0 ? /There is nothing in/ : /was cut off|is not a backup/,
        ),
      ),
      { numRuns: 5, examples: [[0]] },
    );
    await fc.assert(
      fc.asyncProperty(anywhere, fc.nat({ max: 7 }), (offset, bit) => {
        const changed = Buffer.from(whole);
        changed[offset] = (changed[offset] as number) ^ (1 << bit);
        return refused(changed, /was cut off|was changed|is not a backup|by a newer Muster/);
      }),
      // one bit of the number of the format makes it a newer one
      { numRuns: 5, examples: [[whole.indexOf('"version":2') + '"version":'.length, 0]] },
    );
    await refused(Buffer.concat([whole, Buffer.from('x')]), /made longer/);
    const good = join(folder, 'good.backup');
    await writeFile(good, whole);
    await putBack(good, place.into, source.home);
  });

  test('refuses other keys, and never overwrites', async () => {
    const good = join(folder, 'good.backup');
    await writeFile(good, whole);
    await using stranger = await openFree('sqlite');
    const keysFor = () => join(folder, 'other-keys');
    await using _other = await openAt(stranger.address, { keysFor });
    await using place = await openFree(to);
    await expect(putBack(good, place.into, { keysFor })).rejects.toThrow(/does not belong/);
    await expectNothing(place.into);
    await putBack(good, place.into, source.home);
    const before = await openAt(place.address, source.home);
    const tables = await tablesOf(before);
    await before[Symbol.asyncDispose]();
    await expect(putBack(good, place.into, source.home)).rejects.toThrow(/never overwrites/);
    await using after = await openAt(place.address, source.home);
    expect(await tablesOf(after)).toEqual(tables);
  });
});

test.each(engineNames)(
  'whoever was erased after a backup of %s stays erased everywhere',
  async (from) => {
    await using source = await openSchoolOn(from);
    const { store } = source.opened;
    const roll = await openRoll(store, 'Europe/Berlin');
    const [alan] = await checkInGuests(store, roll, [['3', 'Alan Anonym']]);
    const { person } = alan as { person: PersonId };
    const file = join(folder, 'older.backup');
    await backUp(source, file);
    const others = (await everybody(store)).filter((one) => one.person !== person);
    await erasePerson(store, 'operator', person);
    const given = {
      file,
      keysFor: source.home.keysFor,
      clock: new FakeClock(at),
      random: systemRandom,
    };
    expect(await inspectBackup(given)).toMatchObject({ erased: 1 });
    for (const to of engineNames) {
      await using place = await openFree(to);
      expect(await putBack(file, place.into, source.home)).toMatchObject({ erased: 1, faults: [] });
      await using there = await openAt(place.address, source.home);
      expect(await loadPeople(there.store, there.store.engine.read, { person: [person] })).toEqual(
        [],
      );
      expect((await everybody(there.store)).map(({ name }) => name).sort()).toEqual(
        others.map(({ name }) => name).sort(),
      );
      expect(await finish(verifyLedger(there.store))).toMatchObject({ ok: true });
    }
  },
);

test.each(serverNames)('what is restored into %s starts only when it is complete', async (to) => {
  await using source = await openSchoolOn('sqlite');
  const file = join(folder, 'school.backup');
  await backUp(source, file);
  await using place = await openFree(to);
  await putBack(file, place.into, source.home);
  if ('folder' in place.into) throw new Error('only for servers');
  await using engine = await openServer(place.into.address);
  const row = await engine.read.selectFrom('installation').selectAll().executeTakeFirst();
  const described = await readInstallation(source.home.data);
  expect(row).toMatchObject({
    installation: described?.installation,
    key_check: described?.keyCheck,
  });
});
