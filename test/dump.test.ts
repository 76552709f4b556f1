import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { exportLedger } from '../src/store/ledger-export.ts';
import { checkInGuests } from '../src/store/throwaway.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { type FullHouse, fillHouse, proxied, showHouse } from './dump/full-house.ts';
import { dumpByProgram, dumpFiles, dumpRows, readFolder } from './dump/raw.ts';
import { findTraces } from './dump/trace.ts';
import { engineNames, freshDatabase, type TestDatabase } from './engines.ts';
import { adminEmail, adminPassword } from './school.ts';
import { until } from './until.ts';
import { readTables } from './upgrade/saved-database.ts';
import { liveSchoolDay, type SchoolDay } from './upgrade/school-day.ts';
import { Visitor } from './visitor.ts';

/** The address of a phone, kept as evidence; from the range for documentation. */
const client = '192.0.2.1';
const guest = ['GAST-88112', 'Zdenka Dopoledne'] as const;
/** Whoever was erased: nobody can open that any more. */
const erased = ['2026-0420', 'Dmitri Волков'];

/** Tables in which a server that is alone has no rows: there is nobody to share with. */
const ofServers = ['installation', 'instance', 'latch', 'lease'];

/** Counts, times and places in streams: the run that fills them destroys what is looked for here. */
const ofRuns = ['retention_mark', 'retention_run'];

/** What is readable beside the database. */
const lyingBeside: Readonly<Record<string, readonly string[]>> = {
  log: ['/api/people'],
  keys: ['epoch'],
  backups: ['installation'],
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

describe('the search', () => {
  const value = 'Łukasz Wójcik';
  const around = (bytes: Buffer) => Buffer.concat([Buffer.from('..'), bytes, Buffer.from('..')]);
  const utf8 = Buffer.from(value);

  test.each([
    ['as it is', utf8],
    ['as UTF-16', Buffer.from(value, 'utf16le')],
    ['as UTF-16, the other way round', Buffer.from(value, 'utf16le').swap16()],
    ['in small letters', Buffer.from(value.toLowerCase())],
    ['taken apart into letters and accents', Buffer.from(value.normalize('NFD'))],
    ['in hex', Buffer.from(utf8.toString('hex'))],
    ['in capital hex', Buffer.from(utf8.toString('hex').toUpperCase())],
    ['in base64', Buffer.from(utf8.toString('base64'))],
    ['in base64 with something before', Buffer.from(around(utf8).toString('base64'))],
    ['in base64 for addresses', Buffer.from(`?${utf8.toString('base64url')}`)],
    ['by its last word alone', Buffer.from('Wójcik')],
    ['in an address', Buffer.from('%C5%81ukasz%20W%C3%B3jcik')],
    ['in a form', Buffer.from('name=%C5%81ukasz+W%C3%B3jcik&x=')],
    ['in JSON of plain letters', Buffer.from('"\\u0141ukasz W\\u00f3jcik"')],
    ['in a page', Buffer.from('<td>&#321;ukasz W&#243;jcik</td>')],
  ])('finds a value that stands there %s', (_, bytes) => {
    expect(findTraces(around(bytes), [value, 'somebody else'])).toEqual([value]);
  });

  test('finds nothing where nothing is', () => {
    expect(findTraces(Buffer.from('Lukasz Wojcik in plain letters'), [value])).toEqual([]);
  });
});

describe.each(engineNames)('a raw dump of a database on %s', (engine) => {
  let database: TestDatabase;
  let server: TestServer<FakeClock>;
  let day: SchoolDay;
  let house: FullHouse;
  let backups: string;
  let personal: string[];
  let dumps: { what: string; bytes: Buffer }[];

  beforeAll(async () => {
    database = await freshDatabase(engine);
    const { address } = database;
    const onServer = address.engine === 'sqlite' ? null : address;
    backups = await mkdtemp(join(tmpdir(), 'muster-dump-'));
    const backupFolder = { path: backups, make: false };
    const config = { ...proxied, logRequests: true, backupFolder };
    server = await startTestServer({ config, ...(onServer ? { address: onServer } : {}) });
    day = await liveSchoolDay(server);
    house = await fillHouse(server);
    const open = day.sessions.at(-1) as SchoolDay['sessions'][number];
    await checkInGuests(server.app.store, open, [guest]);
    const { names, numbers, emails, titles, groups, reasons, devices } = day;
    personal = [...names, ...numbers, ...emails, ...titles, ...groups, ...reasons, ...devices];
    personal.push(...guest, client, ...house.personal);
    dumps = [{ what: 'rows', bytes: await dumpRows(server.app.store) }];
    const place = onServer ?? { engine: 'sqlite', folder: `${server.folder}/data` };
    const files = await dumpFiles(place as DatabaseAddress);
    if (files) dumps.push({ what: 'files', bytes: files });
    dumps.push({ what: 'log', bytes: Buffer.from(server.logged()) });
    dumps.push({ what: 'keys', bytes: readFolder(`${server.folder}/keys`) });
    await until(async () => (await readdir(backups)).some((name) => name.endsWith('.backup')));
    dumps.push({ what: 'backups', bytes: readFolder(backups) });
    const program = onServer && dumpByProgram(onServer);
    if (program) dumps.push({ what: 'program', bytes: program });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await rm(backups, { recursive: true, force: true });
  });

  test('holds no name, number, e-mail, address, title, reason, evidence or device', () => {
    for (const { what, bytes } of dumps) {
      const found = findTraces(bytes, [...personal, ...house.lost, '127.0.0.1', ...erased]);
      expect({ what, found }).toEqual({ what, found: [] });
    }
  });

  test('holds no password, PIN or recovery code, not even as a hash that anybody can try', () => {
    expect(house.guessable.length).toBeGreaterThan(20);
    for (const { what, bytes } of dumps) {
      const found = findTraces(bytes, [...day.secrets, ...house.guessable]);
      expect({ what, found }).toEqual({ what, found: [] });
    }
  });

  test('holds no link, token or secret, and no part of a cookie that lets somebody in', () => {
    const parts = day.secrets.flatMap((text) => [text, ...text.split('.')]);
    const secrets = [...parts.filter((text) => text.length > 16), ...house.secrets];
    expect(secrets.length).toBeGreaterThan(15);
    for (const { what, bytes } of dumps) {
      // of what is random a hash is kept: nobody can guess it
      const found = findTraces(bytes, secrets, { hashes: false });
      expect({ what, found }).toEqual({ what, found: [] });
      const open = house.keys.filter((key) =>
        [key, hex(key), base64(key)].some((form) => bytes.includes(form)),
      );
      expect({ what, open }).toEqual({ what, open: [] });
    }
  });

  test('is of an installation in which every table has rows', async () => {
    const tables = await readTables(server.app.store.engine.read);
    const mayBeEmpty = [...ofRuns, ...(engine === 'sqlite' ? ofServers : [])];
    const empty = [...tables].filter(([, rows]) => rows.length === 0).map(([table]) => table);
    expect(empty.filter((table) => !mayBeEmpty.includes(table)).sort()).toEqual([]);
  });

  test('was searched where there is something: what lies readable is found', () => {
    const inTables = [...day.sessions, 'present', 'excused', 'Linden School', 'Europe/Berlin'];
    for (const { what, bytes } of dumps) {
      const beside = lyingBeside[what];
      if (beside) {
        expect({ what, found: findTraces(bytes, beside) }).toEqual({ what, found: beside });
        continue;
      }
      // an embedded database is encrypted as a whole; only its description can be read
      const encrypted = engine === 'sqlite' && what === 'files';
      const readable = encrypted ? ['installation', 'keyCheck', 'databaseKey'] : inTables;
      const found = findTraces(bytes, encrypted ? [...readable, ...inTables] : readable);
      expect({ what, found }).toEqual({ what, found: readable.toSorted() });
    }
  });

  test('would show what somebody keeps in the clear', async () => {
    const { engine: kept, organisation } = server.app.store;
    const planted = 'Planta Offenkundig';
    const row = { organisation, setting: 'planted', value: JSON.stringify({ name: planted }) };
    await kept.write((tx) => kept.insertMany(tx, 'setting', [row]));
    expect(findTraces(await dumpRows(server.app.store), [planted])).toEqual([planted]);
    if (database.address.engine === 'sqlite') return;
    const files = await dumpFiles(database.address);
    if (files) expect(findTraces(files, [planted])).toEqual([planted]);
    const program = dumpByProgram(database.address);
    if (program) expect(findTraces(program, [planted])).toEqual([planted]);
  });

  test('is of a database that has all of it: the keys open it', async () => {
    const { store } = server.app;
    const admin = new Visitor(server.origin);
    await admin.post('/api/sign-in', { login: adminEmail, password: adminPassword });
    let opened = JSON.stringify((await admin.get('/api/sign-ins')).value);
    for await (const piece of exportLedger(store, { open: true })) opened += piece;
    for (const row of await store.engine.read.selectFrom('invitation').selectAll().execute()) {
      opened += JSON.stringify(store.vault.openOwn(`invitation/${row.invitation}`, row.sealed));
    }
    opened += await showHouse(server);
    const isThere = (text: string) => opened.includes(JSON.stringify(text).slice(1, -1));
    const missing = [...personal, ...house.lost].filter((text) => !isThere(text));
    expect(missing.sort()).toEqual([...erased, ...house.lost].sort());
  });
});
