import { realpath, rename, stat } from 'node:fs/promises';
import { readInstallation } from './installation.ts';
import { type KeyOwner, KeysTaken, liesIn, readOwner, writeOwner } from './key-owner.ts';
import type { Store } from './store.ts';
import { linkOnce } from './whole-file.ts';

/** What is known of data before their organisation is open. */
type Claimant = Pick<Store, 'engine' | 'keys' | 'organisation' | 'clock' | 'random'>;
type Reader = Pick<Store, 'engine' | 'keys' | 'organisation'>;

/** Holds the number of a database. No backup has it and no move takes it along: what they make is another database. */
const latch = 'database';

/**
 * The other database that the keys belong to, or null. Nothing is written.
 * @throws KeyError
 */
export async function findOtherOwner(store: Reader): Promise<KeyOwner | null> {
  const owner = await readOwner(store.keys);
  return owner && owner.database !== (await loadNumber(store)) ? owner : null;
}

/**
 * To be called before a key is made or destroyed: another database may need it.
 * @throws KeysTaken, KeyError
 */
export async function requireOwner(store: Reader): Promise<void> {
  const other = await findOtherOwner(store);
  if (other) throw new KeysTaken(store.keys, other);
}

/**
 * Takes keys that are nobody's yet for a database that is about to be served, or finds them to be its own. What was
 * restored into the very folder that they belong to has taken the place of what lay there.
 * @param where its data folder, or what to call it
 * @throws KeysTaken, KeyError
 */
export async function claimKeys(store: Claimant, where: string): Promise<void> {
  const { engine, keys } = store;
  const before = await readOwner(keys);
  if (!before) await writeIfAllowed(store, where, linkOnce);
  else if (engine.exclusive && (await loadNumber(store)) === null && (await liesIn(before, where)))
    await writeIfAllowed(store, where, rename);
  await requireOwner(store);
  const owner = await readOwner(keys);
  if (!owner || !engine.exclusive) return;
  const folder = await realpath(where);
  if (owner.place === folder) return;
  if (await isCopyOf(folder, owner.place)) throw new KeysTaken(keys, owner);
  await writeIfAllowed(store, folder, rename);
}

/**
 * Makes the keys this database's, whosever they were: no server starts on that one any more.
 * @param where its data folder, or what to call it
 */
export async function takeKeys(store: Claimant, where: string): Promise<void> {
  const owner = await readOwner(store.keys).catch(() => null);
  const isSameNumber = owner !== null && owner.database === (await loadNumber(store));
  // copied with all that it holds: the copy gets a number of its own, and the original has to go
  if (isSameNumber && owner.place !== (await placeOf(store, where))) await changeNumber(store);
  await write(store, where, rename);
}

async function write(
  store: Claimant,
  where: string,
  put: (draft: string, path: string) => Promise<void>,
): Promise<void> {
  const place = await placeOf(store, where);
  const since = new Date(store.clock.now()).toISOString();
  await writeOwner(store.keys, { database: await numberOf(store), place, since }, put);
}

/** Where keys cannot be written none of them can be destroyed either. */
const writeIfAllowed = (...given: Parameters<typeof write>): Promise<void> =>
  write(...given).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EROFS' && error.code !== 'EACCES') throw error;
  });

const placeOf = async ({ engine }: Reader, where: string): Promise<string> =>
  engine.exclusive ? realpath(where) : where;

async function loadNumber({ engine, organisation }: Reader): Promise<number | null> {
  const row = await engine.read
    .selectFrom('latch')
    .select('value')
    .where('organisation', '=', organisation)
    .where('latch', '=', latch)
    .executeTakeFirst();
  return row?.value ?? null;
}

/** The number of the database, which gets one now where it has none. */
async function numberOf(store: Claimant): Promise<number> {
  const known = await loadNumber(store);
  if (known !== null) return known;
  const row = makeRow(store);
  await store.engine.write((tx) => store.engine.insertMissing(tx, 'latch', [row]));
  return (await loadNumber(store)) ?? row.value;
}

const changeNumber = (store: Claimant): Promise<void> =>
  store.engine.write((tx) =>
    store.engine.upsertMany(tx, 'latch', ['organisation', 'latch'], [makeRow(store)]),
  );

const makeRow = ({ organisation, random }: Claimant) => ({
  organisation,
  latch,
  value: Buffer.from(random.bytes(6)).readUIntBE(0, 6),
});

/** Whether a data folder was copied with all that it holds from another that is still there. */
async function isCopyOf(folder: string, other: string): Promise<boolean> {
  const of = async (path: string) => ({
    file: await readInstallation(path).catch(() => null),
    node: await stat(path, { bigint: true }).catch(() => null),
  });
  const [here, there] = await Promise.all([of(folder), of(other)]);
  if (!here.file || !there.file || here.file.installation !== there.file.installation) return false;
  return here.node?.dev !== there.node?.dev || here.node?.ino !== there.node?.ino;
}
