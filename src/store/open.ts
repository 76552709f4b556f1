import { join } from 'node:path';
import type { Clock, Random } from '../core/clock.ts';
import { openServer } from './database.ts';
import { type DatabaseAddress, describeAddress } from './database-address.ts';
import { DatabaseClock } from './database-clock.ts';
import { DatabaseError } from './database-error.ts';
import type { Engine } from './engine.ts';
import {
  databaseName,
  type EmbeddedInstallation,
  type OpenedInstallation,
  openInstallation,
} from './installation.ts';
import type { MasterSource } from './master-key.ts';
import { checkSchema, migrate } from './migrate.ts';
import { openOrganisation } from './organisation.ts';
import {
  findInstallation,
  openServerInstallation,
  type PreparedServer,
} from './server-installation.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  readonly installation: OpenedInstallation;
  /** The data folder, or what to call the server's database. */
  readonly where: string;
  /** The installation where the database lies in a data folder, else null. */
  readonly embedded: EmbeddedInstallation | null;
}

export interface StoreOptions {
  /** The database; without one the embedded database in `folder`. */
  readonly address?: DatabaseAddress | undefined;
  /** The same, where it was prepared already; it is taken. */
  readonly prepared?: PreparedServer | null;
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
  /** Whether an older database is brought to the newest schema, and a server's that is empty is begun; so unless told. */
  readonly migrates?: boolean;
  /** Whether the data are about to be served: then their keys are claimed (`key-claim.ts`). */
  readonly claims?: boolean;
  /** For how long one statement may take on a server, in milliseconds. */
  readonly timeoutMs?: number;
}

interface Opened {
  readonly engine: Engine;
  readonly where: string;
  readonly installation: OpenedInstallation;
  readonly embedded: EmbeddedInstallation | null;
}

/**
 * Opens an installation: keys, database, newest schema, organisation. On a first run makes them.
 * @throws FolderError, KeyError, DatabaseError, NewerDatabase, OlderDatabase, SqliteError; nothing is changed then
 */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const { address } = options;
  const isServer = address !== undefined && address.engine !== 'sqlite';
  const { engine, where, installation, embedded } = isServer
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
    claim: options.claims ? where : undefined,
  });
  const all = parts.move();
  return { store, where, installation, embedded, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function openEmbedded({
  address,
  folder: named,
  keysFor,
  masterKey,
  synchronous = 'FULL',
  migrates = true,
}: StoreOptions): Promise<Opened> {
  const folder = (address?.engine === 'sqlite' && address.folder) || named;
  const installation = await openInstallation(folder, keysFor, masterKey);
  const path = join(folder, databaseName);
  const engine = await openSqlite({ path, key: installation.databaseKey, synchronous });
  try {
    await (migrates ? migrate(engine) : checkSchema(engine));
    return { engine, where: folder, installation, embedded: installation };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

async function openOnServer({
  address,
  prepared,
  keysFor,
  masterKey,
  clock,
  timeoutMs = 8_000,
  migrates = true,
}: StoreOptions): Promise<Opened> {
  if (address === undefined || address.engine === 'sqlite') throw new Error('not a server');
  const where = describeAddress(address);
  if (prepared) {
    return { engine: prepared.take(), where, installation: prepared.installation, embedded: null };
  }
  const engine = await openServer(address, { timeoutMs });
  try {
    if (!migrates && !(await findInstallation(engine))) throw noData(where);
    await (migrates ? migrate(engine) : checkSchema(engine));
    const installation = await openServerInstallation(engine, where, keysFor, masterKey, clock);
    return { engine, where, installation, embedded: null };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** What whoever looks for data says where there are none. */
export const noData = (where: string): DatabaseError =>
  new DatabaseError(`There are no data of Muster in ${where}. Name another with --database.`);
