import type { Instant } from '../core/brand.ts';
import { readInstallation } from './installation.ts';
import { findOtherOwner } from './key-claim.ts';
import type { KeyOwner } from './key-owner.ts';
import { takesPassphrase } from './master-key.ts';
import type { OpenedStore } from './open.ts';
import { loadRotatedAt, loadWrittenDown } from './written-down.ts';

export interface KeyStatus {
  readonly installation: string;
  readonly keyFolder: string;
  /** The other database that the key folder belongs to, or null. */
  readonly takenBy: KeyOwner | null;
  /** Where the master key comes from. */
  readonly master: 'file' | 'passphrase' | 'given';
  /** Whether a rotation was begun and not finished. */
  readonly rotating: boolean;
  readonly epochs: readonly { readonly epoch: number; readonly people: number }[];
  readonly rotatedAt: Instant | null;
  /** When keys were last written down: a sheet or shares. */
  readonly writtenDownAt: Instant | null;
  /** When other keys were made since then, or null. */
  readonly outdatedAt: Instant | null;
}

/** What can be said of the keys of data that are open. */
export async function loadKeyStatus(
  { store, installation, embedded }: OpenedStore,
  folder: string,
): Promise<KeyStatus> {
  const { engine, organisation, keys } = store;
  const file = embedded ? await readInstallation(folder) : null;
  const rows = await engine.read
    .selectFrom('person_key')
    .select(['epoch', ({ fn }) => fn.countAll<number>().as('people')])
    .where('organisation', '=', organisation)
    .groupBy('epoch')
    .orderBy('epoch')
    .execute();
  const writtenDown = await loadWrittenDown(store);
  const { id, keyCheck } = installation;
  const inFolder = await keys.has('master.key');
  return {
    installation: id,
    keyFolder: keys.path,
    takenBy: await findOtherOwner(store),
    master: inFolder ? 'file' : takesPassphrase(keyCheck) ? 'passphrase' : 'given',
    rotating: file?.next !== undefined || (await keys.readNext()) !== null,
    epochs: rows.map(({ epoch, people }) => ({ epoch, people: Number(people) })),
    rotatedAt: await loadRotatedAt(store),
    writtenDownAt: writtenDown?.at ?? null,
    outdatedAt: writtenDown?.outdatedAt ?? null,
  };
}
