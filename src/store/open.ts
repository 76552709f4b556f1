import { join } from 'node:path';
import type { Clock, Random } from '../core/clock.ts';
import { openServer } from './database.ts';
import { type DatabaseAddress, describeAddress } from './database-address.ts';
import { DatabaseClock } from './database-clock.ts';
import type { Engine } from './engine.ts';
import {
  databaseName,
  type EmbeddedInstallation,
  type OpenedInstallation,
  openInstallation,
} from './installation.ts';
import type { MasterSource } from './master-key.ts';
import { migrate } from './migrate.ts';
import { openOrganisation } from './organisation.ts';
import { openServerInstallation } from './server-installation.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  readonly installation: OpenedInstallation;
  /** The same where the database lies in a data folder, else null. */
  readonly embedded: EmbeddedInstallation | null;
}

export interface StoreOptions {
  /** The database; without one the embedded database in `folder`. */
  readonly address?: DatabaseAddress | undefined;
  /** Data folder of an embedded database. */
  readonly folder: string;
  /** Where the keys of an installation lie. */
  readonly keysFor: (installation: string) => string;
  readonly masterKey?: MasterSource | undefined;
  /** The machine's own clock. */
  readonly clock: Clock;
  /** Whether the store takes its time from the database server, where there is one, so that all instances agree. */
  readonly followServer?: boolean;
  readonly random: Random;
  /** Zone and day files of an organisation that is made now. */
  readonly zone: string;
  readonly dayFiles?: boolean;
  readonly wake?: Store['wake'];
  readonly synchronous?: 'FULL' | 'OFF';
  /** For how long one statement may take on a server, in milliseconds. */
  readonly timeoutMs?: number;
}

interface Opened {
  readonly engine: Engine;
  readonly installation: OpenedInstallation;
  readonly embedded: EmbeddedInstallation | null;
}

/**
 * Opens an installation: keys, database, newest schema, organisation. On a first run makes them.
 * @throws FolderError, KeyError, DatabaseError, NewerDatabase, SqliteError; nothing is changed then
 */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const { address } = options;
  const isServer = address !== undefined && address.engine !== 'sqlite';
  const { engine, installation, embedded } = isServer
    ? await openOnServer(options)
    : await openEmbedded(options);
  await using parts = new AsyncDisposableStack();
  parts.use(engine);
  const { clock: wall, followServer, random, zone, dayFiles = false, wake = () => {} } = options;
  const clock =
    isServer && followServer ? parts.use(await DatabaseClock.start({ engine, wall })) : wall;
  const { keys, master, older } = installation;
  const place = { zone, dayFiles, wake };
  const store = await openOrganisation({
    engine,
    keys,
    master,
    older,
    clock,
    random,
    ...place,
  });
  const all = parts.move();
  return { store, installation, embedded, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function openEmbedded({
  address,
  folder: named,
  keysFor,
  masterKey,
  synchronous = 'FULL',
}: StoreOptions): Promise<Opened> {
  const folder = (address?.engine === 'sqlite' && address.folder) || named;
  const installation = await openInstallation(folder, keysFor, masterKey);
  const path = join(folder, databaseName);
  const engine = await openSqlite({ path, key: installation.databaseKey, synchronous });
  try {
    await migrate(engine);
    return { engine, installation, embedded: installation };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

async function openOnServer({
  address,
  keysFor,
  masterKey,
  clock,
  timeoutMs = 8_000,
}: StoreOptions): Promise<Opened> {
  if (address === undefined || address.engine === 'sqlite') throw new Error('not a server');
  const engine = await openServer(address, { timeoutMs });
  try {
    await migrate(engine);
    const where = describeAddress(address);
    const installation = await openServerInstallation(engine, where, keysFor, masterKey, clock);
    return { engine, installation, embedded: null };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}
