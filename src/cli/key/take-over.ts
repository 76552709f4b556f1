import { takeKeys } from '../../store/key-claim.ts';
import { readOwner } from '../../store/key-owner.ts';
import { commit } from '../../store/ledger.ts';
import type { OpenedStore } from '../../store/open.ts';
import { organisationStream } from '../../store/store.ts';
import { readControl, refuseSecond } from '../control.ts';
import type { Flags, Given } from '../description.ts';
import { type folderFlags, openHere } from '../folders.ts';
import { print } from '../output.ts';

export const flags = {
  json: { type: 'boolean', default: false, text: 'prints one JSON document' },
} as const satisfies Flags;

type Values = Given<typeof folderFlags & typeof flags>;

/** The key folder belongs to these data from now on; no server starts any more on those that had it before. */
export async function takeOver(values: Values): Promise<number> {
  await using opened = await openHere(values);
  const { where, store } = opened;
  const { keys } = store;
  const holder = await readControl(keys.path);
  const ours = await readControl(keys.path, where);
  if (holder && !ours) throw await refuseSecond(holder, where);
  const before = await readOwner(keys).catch(() => null);
  await takeKeys(store, where);
  const now = await readOwner(keys);
  const from = before && before.database !== now?.database ? before : null;
  if (from) await note(opened);
  if (values.json) await print(JSON.stringify({ keyFolder: keys.path, from, now }));
  else
    await print(
      `The keys in ${keys.path} belong to the database in ${now?.place} from now on.`,
      ...(from ? [`With them no server starts on the database in ${from.place} any more.`] : []),
    );
  return 0;
}

async function note({ store }: OpenedStore): Promise<void> {
  await commit(store, async ({ now, lock, append }) => {
    await lock([organisationStream]);
    await append([
      {
        stream: organisationStream,
        type: 'keys.taken-over',
        occurredAt: now,
        actor: 'operator',
        subject: null,
      },
    ]);
  });
}
