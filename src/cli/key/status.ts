import { type KeyStatus, loadKeyStatus } from '../../store/key-status.ts';
import type { Flags, Given } from '../description.ts';
import { findFolders, type folderFlags, openHere } from '../folders.ts';
import { count, print } from '../output.ts';

export const flags = {
  json: { type: 'boolean', default: false, text: 'prints one JSON document' },
} as const satisfies Flags;

type Values = Given<typeof folderFlags & typeof flags>;

/** Where a master key comes from, in words. */
export const sources: Readonly<Record<KeyStatus['master'], string>> = {
  file: 'master.key in the key folder',
  passphrase: 'a passphrase',
  given: 'the environment',
};

/** Where the keys are, and whether a rotation is under way. */
export async function showStatus(values: Values): Promise<number> {
  await using opened = await openHere(values);
  const status = await loadKeyStatus(opened, findFolders(values).data);
  if (values.json) {
    await print(JSON.stringify(status));
    return 0;
  }
  const { installation, keyFolder, takenBy, master, rotating, epochs, rotatedAt, writtenDownAt } =
    status;
  const { outdatedAt } = status;
  const when = (at: number | null) => (at === null ? 'never' : new Date(at).toISOString());
  await print(
    `Installation   ${installation}`,
    `Key folder     ${keyFolder}`,
    ...(takenBy
      ? [`Belongs to     the database in ${takenBy.place} since ${takenBy.since}, not to this one`]
      : []),
    `Master key     from ${sources[master]}; it opens the data`,
    ...epochs.map(
      ({ epoch, people }) =>
        `Epoch ${String(epoch).padEnd(9)}keys of ${count(people, 'person', 'people')}`,
    ),
    `Rotated        ${when(rotatedAt)}`,
    `Written down   ${when(writtenDownAt)}`,
    ...(outdatedAt === null
      ? []
      : [
          `Out of date    since ${when(outdatedAt)}: write them down anew with muster key export-recovery`,
        ]),
    ...(rotating ? ['A rotation is not finished: run muster key rotate again.'] : []),
  );
  return 0;
}
