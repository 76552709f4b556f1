import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { openServer } from './database.ts';
import { describeAddress, type ServerAddress } from './database-address.ts';
import { DatabaseError } from './database-error.ts';
import type { Engine } from './engine.ts';
import { createKeys, type OpenedInstallation, unlock } from './installation.ts';
import { KeyFolder } from './key-folder.ts';
import type { MasterSource } from './master-key.ts';
import { migrate } from './migrate.ts';

/**
 * The installation whose data lie on a database server: its row says which keys belong to it. Where the database is
 * new, keys and row are made; of several first starts at once one makes them.
 * @param where the server, for the sentence of an error
 * @throws KeyError; DatabaseError where a move into this database is not finished
 */
export async function openServerInstallation(
  engine: Engine,
  where: string,
  keysFor: (installation: string) => string,
  masterKey: MasterSource | undefined,
  clock: Clock,
): Promise<OpenedInstallation> {
  const found =
    (await loadInstallation(engine)) ??
    (await engine.alone(async () => {
      const meanwhile = await loadInstallation(engine);
      return meanwhile ?? create(engine, where, keysFor, masterKey, clock);
    }));
  if ('keys' in found) return found;
  return unlock({ id: found.id, checks: [found.keyCheck] }, where, keysFor, masterKey);
}

/**
 * The id of the installation on a server, or null where it has none. Nothing is made.
 * @throws DatabaseError
 */
export const findServerInstallation = async (address: ServerAddress): Promise<string | null> =>
  (await findServerLock(address))?.id ?? null;

/**
 * The installation on a server with what tells a wrong master key, or null where it has none. Nothing is made.
 * @throws DatabaseError
 */
export async function findServerLock(
  address: ServerAddress,
): Promise<{ id: string; keyCheck: string } | null> {
  await using engine = await openServer(address);
  return await findInstallation(engine);
}

/** The same of a database that is open already, with tables or without. */
export async function findInstallation(
  engine: Engine,
): Promise<{ id: string; keyCheck: string } | null> {
  const tables = await engine.read.introspection.getTables();
  if (!tables.some(({ name }) => name === 'installation')) return null;
  return await loadInstallation(engine);
}

/** A server's database that is ready to be opened as a store. Disposing closes it, unless it was taken. */
export interface PreparedServer extends AsyncDisposable {
  readonly installation: OpenedInstallation;
  /** The connection is the caller's from here on. */
  take(): Engine;
}

/**
 * Brings a server's database to the newest schema and finds or makes its installation and keys.
 * @throws DatabaseError, KeyError, NewerDatabase
 */
export async function prepareServer(
  address: ServerAddress,
  keysFor: (installation: string) => string,
  masterKey: MasterSource | undefined,
  clock: Clock,
): Promise<PreparedServer> {
  await using parts = new AsyncDisposableStack();
  const engine = parts.use(await openServer(address));
  await migrate(engine);
  const where = describeAddress(address);
  const installation = await openServerInstallation(engine, where, keysFor, masterKey, clock);
  const kept = parts.move();
  return {
    installation,
    take() {
      kept.move();
      return engine;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What the row says, or null in a new database. */
export async function loadInstallation(
  engine: Engine,
): Promise<{ id: string; keyCheck: string } | null> {
  const row = await engine.read.selectFrom('installation').selectAll().executeTakeFirst();
  return row ? { id: row.installation, keyCheck: row.key_check } : null;
}

async function create(
  engine: Engine,
  where: string,
  keysFor: (installation: string) => string,
  masterKey: MasterSource | undefined,
  clock: Clock,
): Promise<OpenedInstallation> {
  const half = await engine.read
    .selectFrom('organisation')
    .select('organisation')
    .limit(1)
    .execute();
  if (half.length > 0) {
    throw new DatabaseError(
      `A move or a restore into ${where} is not finished: run the same muster move again, or empty the database and restore again. Nothing was changed.`,
    );
  }
  const id = randomUUID();
  const keys = new KeyFolder(keysFor(id));
  if ((await keys.has('master.key')) || (await keys.listEpochs()).length > 0) {
    throw new DatabaseError(
      `There are no data of Muster in ${where}, but keys in ${keys.path}. If they belong to data elsewhere, name that database or bring the data here with muster move; for a new installation name an empty folder with --keys. Nothing was changed.`,
    );
  }
  const opened = await createKeys(id, keysFor, masterKey);
  const row = { installation: opened.id, key_check: opened.keyCheck, made_at: clock.now() };
  await engine.write((tx) => engine.insertMany(tx, 'installation', [row]));
  return opened;
}
