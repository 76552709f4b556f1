// What the tests of moving share: a school that has seen everything, in a folder, and ways to move it about.
import { join } from 'node:path';
import type { Instant } from '../src/core/brand.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { commit } from '../src/store/ledger.ts';
import { type MoveReport, move } from '../src/store/move.ts';
import { type MoveSource, openFolderSource, openServerSource } from '../src/store/move-source.ts';
import { openFolderTarget, openServerTarget } from '../src/store/move-target.ts';
import { type OpenedStore, openStore } from '../src/store/open.ts';
import { organisationStream } from '../src/store/store.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { FakeClock } from './app.ts';
import { listFixtures } from './upgrade/fixture.ts';
import { type AnyRow, openSaved, readTables } from './upgrade/saved-database.ts';

const timeoutMs = 20_000;
const now = Date.parse('2026-11-24T08:00:00Z') as Instant;

/** An installation in a folder, with its keys. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  readonly data: string;
  readonly keysFor: () => string;
}

/** The oldest saved school, brought to the newest schema. */
export async function openHome(): Promise<Home> {
  const fixture = listFixtures()[0];
  if (!fixture) throw new Error('there is no saved installation');
  const saved = await openSaved(fixture, 'sqlite');
  const data = join(saved.folder, 'data');
  const keysFor = () => join(saved.folder, 'keys');
  const home = { folder: saved.folder, data, keysFor };
  await using _opened = await openAt({ engine: 'sqlite', folder: data }, home);
  return { ...home, [Symbol.asyncDispose]: () => saved[Symbol.asyncDispose]() };
}

export const openAt = (
  address: DatabaseAddress,
  { keysFor }: Pick<Home, 'keysFor'>,
  clock = new FakeClock(now),
) =>
  openStore({
    address,
    folder: 'unused',
    keysFor,
    clock,
    random: systemRandom,
    zone: 'Europe/Berlin',
  });

function openSourceAt(
  address: DatabaseAddress,
  { keysFor }: Pick<Home, 'keysFor'>,
): Promise<MoveSource> {
  return address.engine === 'sqlite'
    ? openFolderSource(address.folder ?? '', keysFor)
    : openServerSource(address, keysFor, undefined, timeoutMs);
}

/** Moves as the command does. @param tell may throw, as a process may end */
export async function moveBetween(
  from: DatabaseAddress,
  to: DatabaseAddress,
  home: Pick<Home, 'keysFor'>,
  tell: (step: object) => void = () => {},
): Promise<MoveReport> {
  await using source = await openSourceAt(from, home);
  await using target = await (to.engine === 'sqlite'
    ? openFolderTarget(to.folder ?? '', source)
    : openServerTarget(to, source, timeoutMs));
  return await move({
    source,
    target,
    clock: new FakeClock(now),
    random: systemRandom,
    tell,
  });
}

/** Enough events that whatever goes through all of them takes its time. */
export async function fill(home: Home, rounds: number): Promise<void> {
  await using opened = await openAt({ engine: 'sqlite', folder: home.data }, home);
  for (let round = 0; round < rounds; round += 1) {
    await commit(opened.store, ({ append, now }) =>
      append(
        Array.from({ length: 200 }, () => ({
          stream: organisationStream,
          type: 'filling',
          occurredAt: now,
          actor: 'operator',
          subject: null,
          data: { round },
        })),
      ),
    );
  }
}

/** The address as it is typed. */
export function urlOf(address: DatabaseAddress): string {
  if (address.engine === 'sqlite') return `sqlite:${join(address.folder ?? '', 'data')}`;
  const { engine, hosts, user, database, pool } = address;
  const scheme = engine === 'mariadb' ? 'mysql' : 'postgres';
  const secret = encodeURIComponent(address.password);
  return `${scheme}://${user}:${secret}@${hosts[0]?.host}:${hosts[0]?.port}/${database}?pool=${pool}`;
}

/** Every row of every table that is moved, as text. */
export async function tablesOf({ store }: OpenedStore): Promise<Record<string, string[]>> {
  const tables = await readTables(store.engine.read);
  for (const table of ['installation', 'instance', 'latch', 'lease']) tables.delete(table);
  return Object.fromEntries(
    [...tables].sort().map(([table, rows]) => [table, rows.map(textOf).sort()]),
  );
}

/** A row so that it compares equal whatever the engine. */
export const textOf = (row: AnyRow): string =>
  JSON.stringify(
    Object.entries(row)
      .sort()
      .map(([column, value]) => [
        column,
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ]),
  );
