import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { exportLedger } from '../src/store/ledger-export.ts';
import { checkInGuests } from '../src/store/throwaway.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { dumpByProgram, dumpFiles, dumpRows } from './dump/raw.ts';
import { findTraces } from './dump/trace.ts';
import { engineNames, freshDatabase, type TestDatabase } from './engines.ts';
import { adminEmail, adminPassword } from './school.ts';
import { liveSchoolDay, type SchoolDay } from './upgrade/school-day.ts';
import { Visitor } from './visitor.ts';

/** The address of a phone, kept as evidence; from the range for documentation. */
const client = '192.0.2.1';
const guest = ['GAST-88112', 'Zdenka Dopoledne'] as const;
/** Whoever was erased: nobody can open that any more. */
const erased = ['2026-0420', 'Dmitri Волков'];

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
  let personal: string[];
  let dumps: { what: string; bytes: Buffer }[];

  beforeAll(async () => {
    database = await freshDatabase(engine);
    const { address } = database;
    const onServer = address.engine === 'sqlite' ? null : address;
    server = await startTestServer(onServer ? { address: onServer } : {});
    day = await liveSchoolDay(server);
    const open = day.sessions.at(-1) as SchoolDay['sessions'][number];
    await checkInGuests(server.app.store, open, [guest]);
    const { names, numbers, emails, titles, groups, reasons, devices } = day;
    personal = [...names, ...numbers, ...emails, ...titles, ...groups, ...reasons, ...devices];
    personal.push(...guest, client);
    dumps = [{ what: 'rows', bytes: await dumpRows(server.app.store) }];
    const place = onServer ?? { engine: 'sqlite', folder: `${server.folder}/data` };
    const files = await dumpFiles(place as DatabaseAddress);
    if (files) dumps.push({ what: 'files', bytes: files });
    const program = onServer && dumpByProgram(onServer);
    if (program) dumps.push({ what: 'program', bytes: program });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test('holds no name, number, e-mail, title, reason, address or device', () => {
    for (const { what, bytes } of dumps) {
      const found = findTraces(bytes, [...personal, '127.0.0.1', ...erased]);
      expect({ what, found }).toEqual({ what, found: [] });
    }
  });

  test('holds no password, and no part of a cookie that lets somebody in', () => {
    const parts = day.secrets.flatMap((text) => [text, ...text.split('.')]);
    const secrets = parts.filter((text) => text.length > 16);
    expect(secrets.length).toBeGreaterThan(4);
    for (const { what, bytes } of dumps) {
      // of what is random a hash is kept: nobody can guess it
      const found = findTraces(bytes, secrets, { hashes: false });
      expect({ what, found }).toEqual({ what, found: [] });
    }
  });

  test('was searched where there is something: what lies readable is found', () => {
    const inTables = [...day.sessions, 'present', 'excused', 'Linden School', 'Europe/Berlin'];
    for (const { what, bytes } of dumps) {
      // an embedded database is encrypted as a whole; only its description can be read
      const encrypted = engine === 'sqlite' && what === 'files';
      const readable = encrypted ? ['installation', 'keyCheck', 'databaseKey'] : inTables;
      const found = findTraces(bytes, encrypted ? [...readable, ...inTables] : readable);
      expect({ what, found }).toEqual({ what, found: readable.toSorted() });
    }
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
    const missing = personal.filter((text) => !opened.includes(text));
    expect(missing.sort()).toEqual(erased);
  });
});
