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
export async function findServerInstallation(address: ServerAddress): Promise<string | null> {
  await using engine = await openServer(address);
  const tables = await engine.read.introspection.getTables();
  if (!tables.some(({ name }) => name === 'installation')) return null;
  return (await loadInstallation(engine))?.id ?? null;
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
): Promise<OpenedInstallation> {
  await using engine = await openServer(address);
  await migrate(engine);
  return await openServerInstallation(engine, describeAddress(address), keysFor, masterKey, clock);
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
      `A move into ${where} is not finished: run the same muster move again, or empty the database. Nothing was changed.`,
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
