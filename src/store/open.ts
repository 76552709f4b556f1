import { join } from 'node:path';
import type { Clock, Random } from '../core/clock.ts';
import { databaseName, type OpenedInstallation, openInstallation } from './installation.ts';
import { migrate } from './migrate.ts';
import { openOrganisation } from './organisation.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  readonly installation: OpenedInstallation;
}

/**
 * Opens an embedded installation: keys, database, newest schema, organisation. On a first run makes them.
 * @throws FolderError, KeyError, NewerDatabase, SqliteError; nothing is changed then
 */
export async function openStore({
  folder,
  keysFor,
  masterKey,
  clock,
  random,
  zone,
  dayFiles = false,
  wake = () => {},
  synchronous = 'FULL',
}: {
  folder: string;
  /** Where the keys of an installation lie. */
  keysFor: (installation: string) => string;
  masterKey?: Uint8Array | undefined;
  clock: Clock;
  random: Random;
  /** Zone and day files of an organisation that is made now. */
  zone: string;
  dayFiles?: boolean;
  wake?: Store['wake'];
  synchronous?: 'FULL' | 'OFF';
}): Promise<OpenedStore> {
  const installation = await openInstallation(folder, keysFor, masterKey);
  const { databaseKey, keys, master } = installation;
  const engine = await openSqlite({
    path: join(folder, databaseName),
    key: databaseKey,
    synchronous,
  });
  try {
    await migrate(engine);
    const store = await openOrganisation({
      engine,
      keys,
      master,
      clock,
      random,
      zone,
      dayFiles,
      wake,
    });
    return { store, installation, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}
