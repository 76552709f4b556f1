import { mkdir, readdir, readFile, rmdir, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { unmarked } from '../core/record.ts';
import { Directory } from '../store/directory.ts';
import { erasePerson } from '../store/erasure.ts';
import { FolderError } from '../store/installation.ts';
import { commit } from '../store/ledger.ts';
import { peopleStream, sessionStream } from '../store/store.ts';
import { checkInGuests, openRoll, openThrowaway, type Throwaway } from '../store/throwaway.ts';
import { DatabaseAway } from './database-away.ts';
import { renderDayFile } from './day-file.ts';
import { type DayFileApp, DayFileWriter } from './day-file-writer.ts';
import { Settings } from './settings.ts';
import { Warnings } from './warnings.ts';

const zone = 'Europe/Berlin';
const date = '2026-11-23' as LocalDate;
let place: Throwaway;
let app: DayFileApp;
let writer: DayFileWriter;
let dayFolder: string;
let roll: SessionId;

async function start(): Promise<DayFileWriter> {
  const { store } = place;
  const log = pino({ level: 'silent' });
  app = {
    store,
    directory: new Directory(store),
    settings: await Settings.load(store),
    warnings: new Warnings(store.clock),
    log,
    databaseAway: new DatabaseAway(store.engine, log),
  };
  writer = new DayFileWriter(app, { dayFolder, dataFolder: place.data });
  return writer;
}

const setDayFiles = (on: boolean) =>
  place.store.engine.write((tx) =>
    tx
      .updateTable('organisation')
      .set({ day_files: on ? 1 : 0 })
      .execute(),
  );

beforeEach(async () => {
  place = await openThrowaway({
    at: '2026-11-23T09:00:00+01:00',
    zone,
    wake: (streams) => writer?.wake(streams),
  });
  dayFolder = join(place.folder, 'documents', 'days');
  await setDayFiles(true);
  await start();
  roll = await openRoll(place.store, zone);
});

afterEach(async () => {
  await writer[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const until = <T>(holds: () => T | Promise<T>) =>
  vi.waitFor(holds, { timeout: 60_000, interval: 10 });
const path = (day: string = date) => join(dayFolder, `attendance_${day}.csv`);
const read = (day?: string) => readFile(path(day), 'utf8').catch(() => null);
const rendered = (day: LocalDate = date) =>
  renderDayFile(place.store, new Directory(place.store), day, zone);

describe('DayFileWriter', () => {
  test('the file tells a check-in, byte for byte as the export', async () => {
    await checkInGuests(place.store, roll, [['1', 'Ada']]);
    await until(async () => expect(await read()).toContain('1,Ada,09:00:00'));
    await checkInGuests(place.store, roll, [['2', 'José']]);
    await until(async () => expect(await read()).toBe(await rendered()));
    expect(await readdir(dayFolder)).toEqual([`attendance_${date}.csv`]);
  });

  test('a rush is written whole, and few times', async () => {
    const writes = vi.spyOn(Directory.prototype, 'get');
    const started = performance.now();
    for (let batch = 0; batch < 20; batch += 1) {
      const people = Array.from({ length: 50 }, (_, n) => [`${batch}-${n}`, 'Rush'] as const);
      await checkInGuests(place.store, roll, people);
    }
    await until(async () => expect((await read())?.split('\n')).toHaveLength(1_002));
    // two in a second, however long the machine took for all of it
    const most = (performance.now() - started) / 500 + 2;
    expect(writes.mock.calls.length).toBeLessThan(most);
    writes.mockRestore();
  });

  test('a mark taken back leaves the file', async () => {
    await checkInGuests(place.store, roll, [['1', 'Ada']]);
    await until(async () => expect(await read()).toContain('Ada'));
    const { person } = await place.store.engine.read
      .selectFrom('record')
      .select('person')
      .executeTakeFirstOrThrow();
    await commit(place.store, ({ append, now }) =>
      append([
        {
          stream: sessionStream(roll),
          type: 'mark.undone',
          occurredAt: now,
          actor: 'operator',
          subject: person as PersonId,
          record: unmarked,
        },
      ]),
    );
    await until(async () => expect(await read()).toBe('Roll,Name,Time\n'));
  });

  test('check-ins after midnight go to the next day, and leave the file of the day before alone', async () => {
    place.clock.at = Date.parse('2026-11-23T23:59:58+01:00');
    await checkInGuests(place.store, roll, [['1', 'Before']]);
    place.clock.at = Date.parse('2026-11-24T00:00:01+01:00');
    await checkInGuests(place.store, roll, [['2', 'After']]);
    await until(async () => {
      expect(await read()).toBe('Roll,Name,Time\n1,Before,23:59:58\n');
      expect(await read('2026-11-24')).toBe('Roll,Name,Time\n2,After,00:00:01\n');
    });
  });

  test('a file that is held is tried again, with a warning until it is written', async () => {
    // a folder in the file's place: it cannot be replaced, as a file that a spreadsheet holds open
    await mkdir(path(), { recursive: true });
    const outcome = await checkInGuests(place.store, roll, [['1', 'Ada']]);
    expect(outcome[0]?.ok).toBe(true);
    await until(() =>
      expect(app.warnings.list()).toMatchObject([
        { kind: 'day-file-held', detail: { file: path() } },
      ]),
    );
    await checkInGuests(place.store, roll, [['2', 'Grace']]);
    place.clock.at = Date.parse('2026-11-24T09:00:00+01:00');
    await checkInGuests(place.store, roll, [['3', 'Alan']]);
    await until(async () => expect(await read('2026-11-24')).toContain('Alan'));
    await rmdir(path());
    await until(async () => expect(await read()).toContain('2,Grace'));
    await until(() => expect(app.warnings.list()).toEqual([]));
    expect(await read()).toBe(await rendered());
    expect((await readdir(dayFolder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('an erased person goes from the files of all days they came on', async () => {
    const [ada] = await checkInGuests(place.store, roll, [['1', 'Ada']]);
    await until(async () => expect(await read()).toContain('Ada'));
    place.clock.at = Date.parse('2026-12-24T09:00:00+01:00');
    await erasePerson(place.store, 'operator', (ada as { person: PersonId }).person);
    app.directory.forgetAll();
    writer.wake([peopleStream]);
    await until(async () => expect(await read()).toBe('Roll,Name,Time\nerased,erased,09:00:00\n'));
  });

  test('writes what waits when it is stopped', async () => {
    await checkInGuests(place.store, roll, [['1', 'Ada']]);
    await writer[Symbol.asyncDispose]();
    expect(await read()).toContain('1,Ada,09:00:00');
  });

  test('a start writes the days that are missing or were not finished, and clears away its remains', async () => {
    await checkInGuests(place.store, roll, [['1', 'Ada']]);
    place.clock.at = Date.parse('2026-11-25T09:00:00+01:00');
    await checkInGuests(place.store, roll, [['2', 'Grace']]);
    place.clock.at = Date.parse('2026-11-30T09:00:00+01:00');
    await checkInGuests(place.store, roll, [['3', 'Alan']]);
    await writer[Symbol.asyncDispose]();
    await unlink(path());
    const cut = 'Roll,Name,Time\n';
    await writeFile(path('2026-11-25'), cut);
    await utimes(path('2026-11-25'), new Date(place.clock.at), new Date('2026-11-25T07:00:00Z'));
    await writeFile(join(dayFolder, '.attendance_2026-11-25.csv.77.part'), 'Ro');
    await writeFile(path('2026-11-30'), cut);
    await start();
    await until(async () => {
      expect(await read()).toContain('Ada');
      expect(await read('2026-11-25')).toContain('Grace');
      expect(await read('2026-11-30')).toContain('Alan');
      expect(await readdir(dayFolder)).toHaveLength(3);
    });
  });

  test('a file of a past day that somebody wrote into is left alone by a start', async () => {
    await checkInGuests(place.store, roll, [['1', 'Ada']]);
    await writer[Symbol.asyncDispose]();
    await writeFile(path(), 'my own notes');
    await utimes(path(), new Date(), new Date('2026-11-23T12:00:00Z'));
    place.clock.at = Date.parse('2026-11-30T09:00:00+01:00');
    await start();
    await writer[Symbol.asyncDispose]();
    expect(await read()).toBe('my own notes');
  });

  test('writes nothing while day files are off, and everything once they are on', async () => {
    await writer[Symbol.asyncDispose]();
    await setDayFiles(false);
    await start();
    await checkInGuests(place.store, roll, [['1', 'Ada']]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await read()).toBeNull();
    await setDayFiles(true);
    await app.settings.reload();
    writer.wake(['organisation' as never]);
    await until(async () => expect(await read()).toContain('Ada'));
  });

  test('refuses a folder in the data folder', () => {
    const inside = { dayFolder: join(place.data, 'days'), dataFolder: place.data };
    expect(() => new DayFileWriter(app, inside)).toThrow(FolderError);
    expect(() => new DayFileWriter(app, { ...inside, dayFolder: place.data })).toThrow(FolderError);
  });
});
