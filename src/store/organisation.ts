import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { encodeBytes } from '../core/base32.ts';
import type { Instant, OrganisationId } from '../core/brand.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { Engine } from './engine.ts';
import { readEpochs } from './epoch.ts';
import { claimKeys } from './key-claim.ts';
import { KeyError, type KeyFolder } from './key-folder.ts';
import type { OrganisationTable, Schema } from './schema.ts';
import { open, seal } from './seal.ts';
import { organisationStream, type Store } from './store.ts';
import { Vault } from './vault.ts';

const keyIdentity = (organisation: string) => `organisation_key/${organisation}`;

/**
 * Opens the organisation that lives in this database, or makes a nameless one on a first run: a quick roll needs
 * neither set-up nor accounts.
 * @param zone the zone of a new organisation's site, until the set-up asks
 * @param claim where the data lie, if they are about to be served: then the keys must be theirs, or nobody's yet
 */
export async function openOrganisation({
  engine,
  keys,
  master,
  older = [],
  clock,
  random,
  zone,
  dayFiles,
  wake,
  claim,
}: {
  engine: Engine;
  keys: KeyFolder;
  master: Uint8Array;
  older?: readonly Uint8Array[] | undefined;
  clock: Clock;
  random: Random;
  zone: string;
  dayFiles: boolean;
  wake: Store['wake'];
  claim?: string | undefined;
}): Promise<Store> {
  const find = () => engine.read.selectFrom('organisation').selectAll().executeTakeFirst();
  const row =
    (await find()) ??
    (await engine.alone(
      async () =>
        (await find()) ??
        (await createOrganisation({ engine, master, clock, random, zone, dayFiles })),
    ));
  const organisation = row.organisation as OrganisationId;
  const { key } = await openOrganisationKey(row, keys, [master, ...older]);
  if (claim !== undefined) await claimKeys({ engine, keys, organisation, clock, random }, claim);
  const epochs = await readEpochs(engine, keys);
  const vault = new Vault(organisation, key, epochs, (epoch) => keys.findEpoch(epoch));
  return { engine, vault, keys, organisation, clock, random, wake };
}

/**
 * The organisation's key, and the master key that it lies under: while a rotation goes on, or after one that a running
 * server did not make, that may be another one of the key folder.
 * @throws KeyError where none opens it
 */
export async function openOrganisationKey(
  { organisation, wrapped_key }: Pick<OrganisationTable, 'organisation' | 'wrapped_key'>,
  keys: KeyFolder,
  masters: readonly Uint8Array[],
): Promise<{ key: Uint8Array; master: Uint8Array }> {
  const tryAll = (candidates: readonly Uint8Array[]) => {
    for (const master of candidates) {
      try {
        return { key: open(master, keyIdentity(organisation), wrapped_key), master };
      } catch {
        // the next one
      }
    }
    return null;
  };
  const found = tryAll(masters) ?? tryAll(await keys.listMasters());
  if (found) return found;
  throw new KeyError(
    'The master key opens the installation but not its organisation: a rotation was broken off or made elsewhere. Start with the new key or passphrase; nothing was changed.',
  );
}

/** The organisation's key as it lies in the database under a master key. */
export const wrapOrganisationKey = (
  organisation: string,
  key: Uint8Array,
  master: Uint8Array,
): Uint8Array => seal(master, keyIdentity(organisation), key);

async function createOrganisation({
  engine,
  master,
  clock,
  random,
  zone,
  dayFiles,
}: {
  engine: Engine;
  master: Uint8Array;
  clock: Clock;
  random: Random;
  zone: string;
  dayFiles: boolean;
}): Promise<OrganisationTable> {
  const now = clock.now();
  // stands in every key of every row, so it is short: 40 random bits
  const organisation = encodeBytes(random.bytes(5), 8) as OrganisationId;
  const row: OrganisationTable = {
    organisation,
    name: '',
    zone,
    language: 'en',
    words: 'school',
    day_files: dayFiles ? 1 : 0,
    created_at: now,
    wrapped_key: seal(master, keyIdentity(organisation), randomBytes(32)),
  };
  await engine.write((tx) => engine.insertMany(tx, 'organisation', [row]));
  return row;
}

export async function loadOrganisation(
  store: Store,
  db: Kysely<Schema> = store.engine.read,
): Promise<OrganisationTable> {
  return db
    .selectFrom('organisation')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .executeTakeFirstOrThrow();
}

/** Changes the settings; the caller appends the event. */
export async function updateOrganisation(
  store: Store,
  tx: Kysely<Schema>,
  change: Partial<Pick<OrganisationTable, 'name' | 'zone' | 'language' | 'words' | 'day_files'>>,
): Promise<void> {
  await tx
    .updateTable('organisation')
    .set(change)
    .where('organisation', '=', store.organisation)
    .execute();
}

/** When the newest backup was made, or null: read from the ledger. */
export async function loadNewestBackupAt(store: Store): Promise<Instant | null> {
  const row = await store.engine.read
    .selectFrom('event')
    .select('received_at')
    .where('organisation', '=', store.organisation)
    .where('stream', '=', organisationStream)
    .where('type', '=', 'backup.made')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (row?.received_at ?? null) as Instant | null;
}
