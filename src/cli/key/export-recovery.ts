import { encodeRecovery } from '../../core/recovery.ts';
import { followEpochs } from '../../store/epoch.ts';
import { commit } from '../../store/ledger.ts';
import type { OpenedStore } from '../../store/open.ts';
import { organisationStream } from '../../store/store.ts';
import type { Flags, Given } from '../description.ts';
import { Misused } from '../failure.ts';
import { type folderFlags, openHere } from '../folders.ts';
import { print, writeOut } from '../output.ts';
import { splitKeys } from '../recovery-share.ts';
import type { RecoveredKey } from '../recovery-sheet.ts';

export const flags = {
  shares: {
    type: 'string',
    value: 'N',
    text: 'splits the keys among so many people',
  },
  threshold: {
    type: 'string',
    value: 'K',
    text: 'so many of them together can put the keys back; 2 unless told',
  },
  out: {
    type: 'string',
    value: 'FILE',
    text: 'a new file instead of the screen; of shares one each',
  },
} as const satisfies Flags;

type Values = Given<typeof folderFlags & typeof flags>;

/** The keys as lines to print, whole or in shares. */
export async function exportRecovery(values: Values): Promise<number> {
  const split = readShares(values);
  await using opened = await openHere(values);
  await followEpochs(opened.store);
  const keys: RecoveredKey[] = [
    { epoch: null, key: opened.installation.master },
    ...[...opened.store.vault.epochs]
      .sort(([left], [right]) => left - right)
      .map(([epoch, key]) => ({ epoch, key })),
  ];
  await note(opened, split);
  const { id } = opened.installation;
  const sheets = split
    ? (await splitKeys(keys, split.shares, split.threshold)).map((lines, index) => [
        `Muster ${id}: share ${index + 1} of ${split.shares}, ${split.threshold} are needed`,
        ...lines,
      ])
    : [[`Muster ${id}: recovery sheet`, ...keys.flatMap(describe)]];
  for (const [index, lines] of sheets.entries()) {
    const file = values.out === undefined ? undefined : nameOf(values.out, split && index + 1);
    const path = await writeOut([`${lines.join('\n')}\n${split && !file ? '\n' : ''}`], file);
    if (path !== null) await print(`Written to ${path}`);
  }
  return 0;
}

const nameOf = (out: string, share: number | null): string =>
  share === null ? out : `${out}.${share}`;

const describe = ({ epoch, key }: RecoveredKey): string[] => {
  const label = epoch === null ? 'master' : `epoch-${epoch}`;
  return [`${label}:`, ...encodeRecovery(label, key)];
};

interface Split {
  readonly shares: number;
  readonly threshold: number;
}

function readShares({ shares, threshold }: Values): Split | null {
  if (shares === undefined) {
    if (threshold !== undefined) throw new Misused('--threshold goes with --shares.');
    return null;
  }
  const split = { shares: Number(shares), threshold: Number(threshold ?? 2) };
  const isWhole = Number.isInteger(split.shares) && Number.isInteger(split.threshold);
  if (!isWhole || split.threshold < 2 || split.shares < split.threshold || split.shares > 20)
    throw new Misused('--shares takes 2 to 20, and --threshold 2 up to that.');
  return split;
}

/** The ledger keeps that keys were written down, before they are shown. */
async function note({ store }: OpenedStore, split: Split | null): Promise<void> {
  await commit(store, async ({ now, lock, append }) => {
    await lock([organisationStream]);
    await append([
      {
        stream: organisationStream,
        type: 'recovery-sheet.made',
        occurredAt: now,
        actor: 'operator',
        subject: null,
        facts: { ...split },
      },
    ]);
  });
}
