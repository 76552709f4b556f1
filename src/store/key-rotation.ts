import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describeNext,
  type EmbeddedInstallation,
  installationName,
  readInstallation,
} from './installation.ts';
import { requireOwner } from './key-claim.ts';
import { KeyError } from './key-folder.ts';
import { releaseLease, takeLease } from './lease.ts';
import { commit } from './ledger.ts';
import { fitsKeyCheck, makeFromPassphrase, makeKeyCheck } from './master-key.ts';
import type { OpenedStore } from './open.ts';
import { openOrganisationKey, wrapOrganisationKey } from './organisation.ts';
import { loadInstallation } from './server-installation.ts';
import { organisationStream, type Store } from './store.ts';
import { syncFolder } from './sync-folder.ts';
import { writeWhole } from './whole-file.ts';

/** Where the next master key comes from. */
export type NextKey =
  | { readonly kind: 'file' }
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'given'; readonly key: Uint8Array };

interface Next {
  readonly kind: NextKey['kind'];
  readonly master: Uint8Array;
  readonly keyCheck: string;
}

/** What lies safely on the disk. */
export type RotationStep = 'made' | 'announced' | 'wrapped' | 'settled';

const leaseMs = 60_000;

/**
 * Puts all that lies under the master key under a new one, while servers run on the data: they hold the organisation's
 * key and go on. Broken off at any point, both keys open the data as far as each is needed, and the next call finishes.
 * @param folder data folder of an embedded database
 * @param tell hears of each step when it is done
 * @returns whether it finished one that was broken off; then `wanted` was not looked at
 * @throws KeyError
 */
export async function rotateMaster(
  opened: OpenedStore,
  folder: string,
  actor: string,
  wanted: NextKey,
  tell: (step: RotationStep) => void = () => {},
): Promise<{ finished: boolean; kind: NextKey['kind'] }> {
  const { store } = opened;
  await requireOwner(store);
  const holder = store.random.bytes(8).join('-');
  if (!(await takeLease(store, 'key-rotation', holder, leaseMs))) {
    throw new KeyError(
      'The master key is being rotated by another command, or was until less than a minute ago. Try again in a minute.',
    );
  }
  try {
    const begun = await findBegun(opened, folder);
    const next = begun ?? (await makeNext(opened, wanted));
    tell('made');
    if (opened.embedded && !begun) await announceNext(opened.embedded, folder, next);
    tell('announced');
    await rewrap(opened, actor, next);
    tell('wrapped');
    if (opened.embedded) await settle(opened.embedded, folder, next);
    tell('settled');
    await putInPlace(store, next);
    return { finished: begun !== null, kind: next.kind };
  } finally {
    await releaseLease(store, 'key-rotation', holder);
  }
}

/** What a rotation that was broken off has begun, where its next key is at hand. */
async function findBegun(
  { installation, embedded, store }: OpenedStore,
  folder: string,
): Promise<Next | null> {
  const { id, keys } = installation;
  const inFolder = await keys.readNext();
  const file = embedded ? await readInstallation(folder) : null;
  if (!embedded) {
    if (!inFolder) return null;
    return { kind: 'file', master: inFolder, keyCheck: makeKeyCheck(inFolder, id) };
  }
  const keyCheck = file?.next?.keyCheck;
  if (inFolder) {
    const own = makeKeyCheck(inFolder, id);
    // before its announcement, or after it was settled
    if (keyCheck === undefined && file?.keyCheck !== own)
      await announceNext(embedded, folder, { kind: 'file', master: inFolder, keyCheck: own });
    return { kind: 'file', master: inFolder, keyCheck: own };
  }
  if (keyCheck === undefined) return null;
  const { master } = await openOrganisationKey(await loadRow(store), keys, [
    installation.master,
    ...(installation.older ?? []),
  ]);
  const known = [installation.master, master].find((key) => fitsKeyCheck({ id, keyCheck }, key));
  if (!known) return null;
  const kind = keyCheck.startsWith('$') ? 'passphrase' : 'given';
  return { kind, master: known, keyCheck };
}

async function makeNext({ installation }: OpenedStore, wanted: NextKey): Promise<Next> {
  const { id, keys, master: old } = installation;
  if (wanted.kind === 'passphrase')
    return { kind: 'passphrase', ...(await makeFromPassphrase(wanted.passphrase, id)) };
  const master = wanted.kind === 'file' ? await keys.createNext() : wanted.key;
  if (Buffer.from(old).equals(master))
    throw new KeyError('The new master key is the one in use; nothing was changed.');
  return { kind: wanted.kind, master, keyCheck: makeKeyCheck(master, id) };
}

const loadRow = ({ engine, organisation }: Store) =>
  engine.read
    .selectFrom('organisation')
    .select(['organisation', 'wrapped_key'])
    .where('organisation', '=', organisation)
    .executeTakeFirstOrThrow();

/** From here on either key opens the database. */
async function announceNext(
  { databaseKey, master: before }: EmbeddedInstallation,
  folder: string,
  next: Next,
): Promise<void> {
  const file = await readInstallation(folder);
  if (!file) throw new Error(`no installation in ${folder}`);
  await write(folder, { ...file, next: describeNext(file, { databaseKey, before }, next) });
}

/** The next key's values become the installation's. */
async function settle(
  { databaseKey, master: before }: EmbeddedInstallation,
  folder: string,
  next: Next,
): Promise<void> {
  const file = await readInstallation(folder);
  if (!file) throw new Error(`no installation in ${folder}`);
  const { next: _, ...rest } = file;
  const made = describeNext(file, { databaseKey, before }, next);
  await write(folder, { ...rest, keyCheck: made.keyCheck, databaseKey: made.databaseKey });
}

async function write(folder: string, file: object): Promise<void> {
  await writeWhole(join(folder, installationName), `${JSON.stringify(file, null, 2)}\n`, rename);
  await syncFolder(folder);
}

/** The organisation's key under the next one, in one transaction with the event, and on a server with its check. */
async function rewrap(opened: OpenedStore, actor: string, next: Next): Promise<void> {
  const { store, installation, embedded } = opened;
  const { organisation, keys } = store;
  const masters = [next.master, installation.master, ...(installation.older ?? [])];
  await commit(store, async ({ tx, now, lock, append }) => {
    await lock([organisationStream]);
    const row = await tx
      .selectFrom('organisation')
      .select(['organisation', 'wrapped_key'])
      .where('organisation', '=', organisation)
      .executeTakeFirstOrThrow();
    const { key, master } = await openOrganisationKey(row, keys, masters);
    if (Buffer.from(master).equals(next.master)) return;
    await tx
      .updateTable('organisation')
      .set({ wrapped_key: wrapOrganisationKey(organisation, key, next.master) })
      .where('organisation', '=', organisation)
      .execute();
    if (!embedded) {
      await tx
        .updateTable('installation')
        .set({ key_check: next.keyCheck })
        .where('installation', '=', installation.id)
        .execute();
    }
    await append([
      {
        stream: organisationStream,
        type: 'master-key.rotated',
        occurredAt: now,
        actor,
        subject: null,
        facts: { kind: next.kind },
      },
    ]);
  });
  const row = embedded ? null : await loadInstallation(store.engine);
  if (row && row.keyCheck !== next.keyCheck)
    throw new KeyError(
      'The master key was rotated elsewhere meanwhile; look at: muster key status',
    );
}

/** The key folder follows last: until here its old key was needed. */
async function putInPlace({ keys }: Store, { kind }: Next): Promise<void> {
  if (kind === 'file') {
    if (await keys.readNext()) await keys.adoptNext();
    return;
  }
  if (await keys.has('master.key')) await keys.retireMaster();
  await keys.destroyRetired();
}
