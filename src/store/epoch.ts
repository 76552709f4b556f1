import type { Kysely } from 'kysely';
import { logDestroyed } from './destruction-log.ts';
import type { Engine, Tx } from './engine.ts';
import { requireOwner } from './key-claim.ts';
import { KeyError, type KeyFolder } from './key-folder.ts';
import { writeKeyRing } from './key-ring.ts';
import { commit } from './ledger.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';

/**
 * Says under which epoch person keys are made now. Whoever makes one holds it, together with others, until the commit;
 * an erasure changes it before it wraps what it finds. So no key is made under an epoch that is about to be destroyed.
 */
const latch = 'epoch';

const inForce = ({ organisation }: Store, db: Kysely<Schema>) =>
  db
    .selectFrom('latch')
    .select('value')
    .where('organisation', '=', organisation)
    .where('latch', '=', latch);

/**
 * Until the commit no erasure begins another epoch, so that a key that is wrapped in this transaction stays readable.
 * Many may hold the epoch at once. Where transactions never overlap there is nothing to hold.
 * @throws KeyError where the epoch in force was made by another instance, and its key is not here
 */
export async function holdEpoch(store: Store, tx: Tx): Promise<void> {
  const { engine, organisation, vault } = store;
  if (engine.exclusive) return;
  const hold = () => engine.shared(inForce(store, tx)).executeTakeFirst();
  let row = await hold();
  if (!row) {
    const first = { organisation, latch, value: vault.newestEpoch };
    await engine.insertMissing(tx, 'latch', [first]);
    row = await hold();
  }
  if (row && row.value > vault.newestEpoch) vault.learnEpoch(row.value);
}

/**
 * Nobody can begin another epoch than this one until the commit.
 * @throws where another instance has begun one already
 */
export async function keepEpoch(store: Store, tx: Tx, epoch: number): Promise<void> {
  const { engine } = store;
  if (engine.exclusive) return;
  const row = await engine.shared(inForce(store, tx)).executeTakeFirst();
  if (row?.value !== epoch) {
    throw new Error('another instance has begun an erasure: this one is to be tried again');
  }
}

/**
 * Makes the key of the next epoch and puts it in force. Waits for whoever is just making a key under an older one.
 * @throws KeysTaken
 */
export async function beginEpoch(store: Store): Promise<number> {
  const { engine, organisation, vault, keys } = store;
  await requireOwner(store);
  await commit(store, ({ tx }) => holdEpoch(store, tx));
  let epoch = vault.newestEpoch + 1;
  // an erasure that was broken off may have left one
  while (await keys.has(`epoch-${epoch}.key`)) epoch += 1;
  await keys.createEpoch(epoch);
  vault.learnEpoch(epoch);
  if (!engine.exclusive) {
    const row = { organisation, latch, value: epoch };
    await commit(store, ({ tx }) =>
      engine.upsertMany(tx, 'latch', ['organisation', 'latch'], [row]),
    );
  }
  return epoch;
}

/**
 * Takes up what an erasure on another instance has changed: a new epoch's key is read, and those that it left without
 * use are destroyed here too. Cheap where nothing has changed.
 * @throws KeyError where the key of the epoch in force is not here, or belongs to another database now
 */
export async function followEpochs(store: Store): Promise<void> {
  const { engine, vault } = store;
  await requireOwner(store);
  const row = await inForce(store, engine.read).executeTakeFirst();
  if (row && row.value > vault.newestEpoch) vault.learnEpoch(row.value);
  if (vault.epochs.size > 1) await destroyUnusedEpochs(store);
}

/**
 * Destroys the keys of epochs older than any that a person's key is wrapped under: what an erasure leaves to do
 * when the process ends between its commit and its last step. Call it at the start too.
 * @throws KeysTaken; nothing is destroyed then
 */
export async function destroyUnusedEpochs(store: Store): Promise<void> {
  const { vault, keys } = store;
  const oldest = await commit(store, ({ tx }) => loadOldest(store, tx));
  if ((await keys.listEpochs()).some((epoch) => epoch < oldest)) {
    await requireOwner(store);
    // older backups are read with these two from now on
    await logDestroyed(store);
    await writeKeyRing(store);
  }
  for (let epoch = 1; epoch < oldest; epoch += 1) {
    await keys.destroyEpoch(epoch);
    vault.dropEpoch(epoch);
  }
}

/** The oldest epoch that a person's key is wrapped under, or may be while this is read. */
async function loadOldest(store: Store, tx: Tx): Promise<number> {
  const { engine, organisation, vault } = store;
  // keys may be on their way on other instances, under the epoch in force and no older one
  const held = await engine.shared(inForce(store, tx)).executeTakeFirst();
  const row = await tx
    .selectFrom('person_key')
    .select(({ fn }) => fn.min('epoch').as('oldest'))
    .where('organisation', '=', organisation)
    .executeTakeFirst();
  const oldest = row?.oldest ?? null;
  const making = engine.exclusive ? vault.newestEpoch : (held?.value ?? oldest ?? 1);
  return Math.min(oldest ?? making, making);
}

/** The epoch keys that some person's key is wrapped under, and the newest that is there. */
export async function readEpochs(
  engine: Engine,
  keys: KeyFolder,
): Promise<Map<number, Uint8Array>> {
  const rows = await engine.read.selectFrom('person_key').select('epoch').distinct().execute();
  const needed = rows.map(({ epoch }) => epoch);
  const newest = Math.max(1, ...(await keys.listEpochs()));
  const epochs = new Map<number, Uint8Array>();
  for (const epoch of new Set([...needed, newest])) {
    const key = await keys.readEpoch(epoch).catch(async (error: unknown) => {
      // an erasure on another instance may just have done without it
      if (epoch !== newest && error instanceof KeyError && !(await isNeeded(engine, epoch))) {
        return null;
      }
      throw error;
    });
    if (key) epochs.set(epoch, key);
  }
  return epochs;
}

async function isNeeded(engine: Engine, epoch: number): Promise<boolean> {
  const row = await engine.read
    .selectFrom('person_key')
    .select('epoch')
    .where('epoch', '=', epoch)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
