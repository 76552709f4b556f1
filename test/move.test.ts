import { join } from 'node:path';
import Sqlite from 'better-sqlite3-multiple-ciphers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Instant } from '../src/core/brand.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { databaseName, openInstallation } from '../src/store/installation.ts';
import { noteInstance } from '../src/store/instance.ts';
import { commit } from '../src/store/ledger.ts';
import { movedTables } from '../src/store/move-table.ts';
import { organisationStream } from '../src/store/store.ts';
import { openRoll } from '../src/store/throwaway.ts';
import { finish, verifyLedger } from '../src/store/verify.ts';
import { engineNames, freshDatabase, serverNames } from './engines.ts';
import { type Home, moveBetween, openAt, openHome, tablesOf } from './move-place.ts';
import { fingerprint } from './muster.ts';
import { listFixtures } from './upgrade/fixture.ts';
import { openSaved } from './upgrade/saved-database.ts';

let home: Home;
const here = () => ({ engine: 'sqlite', folder: home.data }) as const;

beforeAll(async () => {
  home = await openHome();
});
afterAll(() => home[Symbol.asyncDispose]());

/** Something happens in data that should have been left alone. */
async function use(address: DatabaseAddress, of: Pick<Home, 'keysFor'>): Promise<void> {
  await using opened = await openAt(address, of);
  const stream = organisationStream;
  await commit(opened.store, ({ append, now }) =>
    append([{ stream, type: 'used', occurredAt: now, actor: 'operator', subject: null }]),
  );
}

/** Another installation, with keys of its own. */
async function openStranger() {
  const database = await freshDatabase('sqlite');
  const { address } = database;
  if (address.engine !== 'sqlite') throw new Error('not a folder');
  const keysFor = () => join(address.folder ?? '', 'beside', 'keys');
  const stranger = { address: { ...address, folder: join(address.folder ?? '', 'data') }, keysFor };
  await use(stranger.address, stranger);
  return { ...stranger, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const files = () => {
  const all = fingerprint(home.data);
  // SQLite makes and removes these beside a database that is only read
  return Object.fromEntries(Object.entries(all).filter(([name]) => !/-(wal|shm)$/.test(name)));
};

test('every table is moved, or belongs to the servers that run', async () => {
  await using opened = await openAt(here(), home);
  const tables = await opened.store.engine.read.introspection.getTables();
  expect(tables.map(({ name }) => name).sort()).toEqual(
    [
      ...movedTables,
      'challenge',
      'installation',
      'instance',
      'latch',
      'lease',
      'muster_schema',
      'stretch',
      'stretch_end',
    ].sort(),
  );
});

const pairs = engineNames.flatMap((from) => engineNames.map((to) => ({ from, to })));

describe.each(pairs)('a move from $from to $to', ({ from, to }) => {
  test('brings every row, holds, and leaves the source as it was', async () => {
    await using first = await freshDatabase(from);
    await using second = await freshDatabase(to);
    const before = files();
    await moveBetween(here(), first.address, home);
    const moved = await moveBetween(first.address, second.address, home);
    expect(files()).toEqual(before);
    expect(moved.before).toBe(0);
    expect(moved.ledger).toMatchObject({ ok: true, faults: [] });
    expect(moved.ledger.events).toBe(moved.tables.event);
    expect(moved.ledger.events).toBeGreaterThan(100);
    await using one = await openAt(here(), home);
    await using middle = await openAt(first.address, home);
    await using other = await openAt(second.address, home);
    const tables = await tablesOf(one);
    expect(await tablesOf(middle)).toEqual(tables);
    expect(await tablesOf(other)).toEqual(tables);
    expect(other.installation.id).toBe(one.installation.id);
    // and it works: its keys open what is written now, and its chains go on
    await openRoll(other.store, 'Europe/Berlin');
    expect((await finish(verifyLedger(other.store))).faults).toEqual([]);
  });
});

describe.each(engineNames)('a move to %s', (engine) => {
  const stopped = new Error('stopped');
  /** Ends as a process does that is killed after some rows. */
  const stopAfter = (rows: number, doing: string) => (step: object) => {
    const at = step as { doing?: string; rows?: number };
    if (at.doing === doing && (at.rows ?? 0) >= rows) throw stopped;
  };

  test.each([
    ['in its first table', stopAfter(1, 'copy')],
    ['in the middle', stopAfter(200, 'copy')],
    ['after the last row', stopAfter(1, 'compare')],
  ])('that was stopped %s keeps servers out and goes on', async (_, stop) => {
    await using database = await freshDatabase(engine);
    const { address } = database;
    // a throw in a listener ends the move where it is, with what was committed
    await expect(moveBetween(here(), address, home, stop)).rejects.toBe(stopped);
    await expect(openAt(address, home)).rejects.toThrow(
      /A move (or a restore )?into .* is not finished/,
    );
    const moved = await moveBetween(here(), address, home);
    expect(moved.before).toBeGreaterThan(0);
    expect(moved.ledger.ok).toBe(true);
    await using source = await openAt(here(), home);
    await using target = await openAt(address, home);
    expect(await tablesOf(target)).toEqual(await tablesOf(source));
  });

  test('is refused where the data are already, or others, or a part of others', async () => {
    await using database = await freshDatabase(engine);
    const { address } = database;
    await moveBetween(here(), address, home);
    await expect(moveBetween(here(), address, home)).rejects.toThrow(
      /data of this installation already/,
    );

    await using stranger = await openStranger();
    await expect(moveBetween(stranger.address, address, stranger)).rejects.toThrow(
      /another installation/,
    );
    await using half = await freshDatabase(engine);
    const stop = stopAfter(1, 'copy');
    await expect(moveBetween(stranger.address, half.address, stranger, stop)).rejects.toBe(stopped);
    await expect(moveBetween(here(), half.address, home)).rejects.toThrow(/A move of other data/);
  });

  test('of data that were used since it was stopped is refused, not mixed', async () => {
    await using own = await openHome();
    await using database = await freshDatabase(engine);
    const from = { engine: 'sqlite', folder: own.data } as const;
    const { address } = database;
    await expect(moveBetween(from, address, own, stopAfter(1, 'compare'))).rejects.toBe(stopped);
    await use(from, own);
    await expect(moveBetween(from, address, own)).rejects.toThrow(/Empty the target/);
    await expect(openAt(address, own)).rejects.toThrow(/is not finished/);
  });

  test('of data that are used meanwhile is refused', async () => {
    await using own = await openHome();
    await using database = await freshDatabase(engine);
    const from = { engine: 'sqlite', folder: own.data } as const;
    const { databaseKey } = await openInstallation(own.data, own.keysFor);
    let done = false;
    const grow = (step: object) => {
      if (done || (step as { doing?: string }).doing !== 'compare') return;
      done = true;
      const file = new Sqlite(join(own.data, databaseName));
      file.pragma(`cipher='chacha20'`);
      file.pragma(`key='raw:${Buffer.from(databaseKey).toString('hex')}'`);
      file.exec("update stream set seq = seq + 1 where stream = 'people'");
      file.close();
    };
    await expect(moveBetween(from, database.address, own, grow)).rejects.toThrow(
      /was used while it was being moved/,
    );
    expect(done).toBe(true);
    await expect(openAt(database.address, own)).rejects.toThrow(/is not finished/);
  });
});

describe('a move from', () => {
  test.each(engineNames)('an empty place on %s is refused', async (engine) => {
    await using empty = await freshDatabase(engine);
    await using target = await freshDatabase('sqlite');
    await expect(moveBetween(empty.address, target.address, home)).rejects.toThrow(
      /There are no data of Muster in/,
    );
  });

  test.each(serverNames)(
    'data on %s that a server works on is refused, until it is gone',
    async (engine) => {
      await using database = await freshDatabase(engine);
      await using target = await freshDatabase('sqlite');
      const { address } = database;
      await moveBetween(here(), address, home);
      const back = () => moveBetween(address, target.address, home);
      {
        await using opened = await openAt(address, home);
        const { store } = opened;
        const clock = { now: () => Date.now() as Instant };
        const seen = { id: 'one', machine: 'web1', version: '1', startedAt: clock.now() };
        await noteInstance({ ...store, clock }, seen);
        await expect(back()).rejects.toThrow(/^A Muster server works on .* Stop all of them/);
        // killed, and not seen for a minute
        await noteInstance(
          { ...store, clock: { now: () => (Date.now() - 61_000) as Instant } },
          seen,
        );
      }
      expect((await back()).ledger.ok).toBe(true);
    },
  );

  test('data of an older schema says how to bring them up to date', async () => {
    const [oldest] = listFixtures();
    await using saved = await openSaved(oldest as NonNullable<typeof oldest>, 'sqlite');
    await using target = await freshDatabase('sqlite');
    const keysFor = () => join(saved.folder, 'keys');
    await expect(moveBetween(saved.address, target.address, { keysFor })).rejects.toThrow(
      /have schema 1, .*muster verify/,
    );
  });
});
