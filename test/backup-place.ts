// What the tests of backups share: the school of the tests of moving on every engine, and ways to back it up and restore
// it elsewhere.
import { join } from 'node:path';
import type { Instant } from '../src/core/brand.ts';
import { type BackupMade, backup } from '../src/store/backup.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import type { EngineName } from '../src/store/engine.ts';
import type { OpenedStore } from '../src/store/open.ts';
import { type Restored, type RestorePlace, restore } from '../src/store/restore.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { FakeClock } from './app.ts';
import { freshDatabase } from './engines.ts';
import { type Home, moveBetween, openAt, openHome } from './move-place.ts';

export const at = Date.parse('2026-11-24T08:00:00Z') as Instant;
const timeoutMs = 20_000;

/** The school on some engine, open. */
export interface BackedUp extends AsyncDisposable {
  readonly home: Home;
  readonly address: DatabaseAddress;
  readonly opened: OpenedStore;
}

export async function openSchoolOn(engine: EngineName): Promise<BackedUp> {
  await using parts = new AsyncDisposableStack();
  const home = parts.use(await openHome());
  let address: DatabaseAddress = { engine: 'sqlite', folder: home.data };
  if (engine !== 'sqlite') {
    const there = parts.use(await freshDatabase(engine)).address;
    await moveBetween(address, there, home);
    address = there;
  }
  const opened = parts.use(await openAt(address, home));
  const all = parts.move();
  return { home, address, opened, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

export const backUp = ({ home, opened }: BackedUp, target: string): Promise<BackupMade> =>
  backup({
    store: opened.store,
    installation: opened.installation,
    dataFolder: home.data,
    target,
    actor: 'operator',
  });

/** A place on an engine where nothing is. */
export interface FreePlace extends AsyncDisposable {
  readonly address: DatabaseAddress;
  readonly into: RestorePlace;
}

export async function openFree(engine: EngineName): Promise<FreePlace> {
  const database = await freshDatabase(engine);
  const { address } = database;
  const dispose = { [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  if (address.engine !== 'sqlite') return { address, into: { address, timeoutMs }, ...dispose };
  const folder = join(address.folder ?? '', 'data');
  return { address: { engine: 'sqlite', folder }, into: { folder }, ...dispose };
}

export const putBack = (
  file: string,
  into: RestorePlace,
  { keysFor }: Pick<Home, 'keysFor'>,
): Promise<Restored> =>
  restore({ file, into, keysFor, clock: new FakeClock(at), random: systemRandom });
