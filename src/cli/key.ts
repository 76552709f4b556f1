import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeRecovery } from '../core/recovery.ts';
import { followEpochs } from '../store/epoch.ts';
import { type NextKey, rotateMaster } from '../store/key-rotation.ts';
import { type KeyStatus, loadKeyStatus } from '../store/key-status.ts';
import { commit } from '../store/ledger.ts';
import type { OpenedStore } from '../store/open.ts';
import { organisationStream } from '../store/store.ts';
import { Misused, Refused } from './failure.ts';
import { findFolders, folderFlags, folderUsage, openHere, readMasterKeyFile } from './folders.ts';
import { count, print, writeOut } from './output.ts';
import { askHidden, readPassphrase } from './passphrase.ts';
import { putBackKeys } from './recover.ts';
import { splitKeys } from './recovery-share.ts';
import type { RecoveredKey } from './recovery-sheet.ts';

export const usage = `muster key status|rotate|export-recovery|import [flags]
  looks after the keys: where they are, a new master key, keys on paper and back
${folderUsage}
  --json          status: prints it as JSON
  --to KIND       rotate: the new master key lies in the key folder (file) or comes
                  from a passphrase (passphrase); without the flag as it is now
  --new-passphrase-file FILE
                  rotate: the new passphrase; without the flag it is asked for
  --new-key FILE  rotate: the new master key, where it comes from the environment
  --shares N      export-recovery: splits the keys among N people ...
  --threshold K   ... of whom K together can put them back (2)
  --out FILE      export-recovery: a new file instead of the screen; of shares one each
  --backup FILE   import: the backup that the keys are for, where it is all that is left
  Muster may run meanwhile. Backups from before a rotation open with the old key only: make a new one.`;

const flags = {
  ...folderFlags,
  json: { type: 'boolean', default: false },
  to: { type: 'string' },
  'new-passphrase-file': { type: 'string' },
  'new-key': { type: 'string' },
  shares: { type: 'string' },
  threshold: { type: 'string' },
  out: { type: 'string' },
  backup: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values'];

const verbs: Readonly<Record<string, (values: Values) => Promise<number>>> = {
  status: showStatus,
  rotate,
  'export-recovery': exportRecovery,
  import: putBackKeys,
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true });
  const [name = '', ...more] = positionals;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb || more.length > 0)
    throw new Misused('muster key takes status, rotate, export-recovery or import.');
  return verb(values);
}

const sources: Readonly<Record<KeyStatus['master'], string>> = {
  file: 'master.key in the key folder',
  passphrase: 'a passphrase',
  given: 'the environment',
};

async function showStatus(values: Values): Promise<number> {
  await using opened = await openHere(values);
  const status = await loadKeyStatus(opened, findFolders(values).data);
  if (values.json) {
    await print(JSON.stringify(status));
    return 0;
  }
  const { installation, keyFolder, master, rotating, epochs, rotatedAt, writtenDownAt } = status;
  const when = (at: number | null) => (at === null ? 'never' : new Date(at).toISOString());
  await print(
    `Installation   ${installation}`,
    `Key folder     ${keyFolder}`,
    `Master key     from ${sources[master]}; it opens the data`,
    ...epochs.map(
      ({ epoch, people }) =>
        `Epoch ${String(epoch).padEnd(9)}keys of ${count(people, 'person', 'people')}`,
    ),
    `Rotated        ${when(rotatedAt)}`,
    `Written down   ${when(writtenDownAt)}`,
    ...(rotating ? ['A rotation is not finished: run muster key rotate again.'] : []),
  );
  return 0;
}

async function rotate(values: Values): Promise<number> {
  const { data } = findFolders(values);
  await using opened = await openHere(values);
  const { master } = await loadKeyStatus(opened, data);
  const wanted = await chooseNext(values, master);
  const { finished, kind } = await rotateMaster(opened, data, 'operator', wanted);
  await print(
    finished
      ? 'The rotation that was broken off is finished.'
      : 'The master key is rotated; the old one is destroyed.',
    `From now on it comes from ${sources[kind]}.`,
    ...(kind === 'given' || master === 'given'
      ? ['Change what the environment gives before the next start.']
      : []),
    'Make a backup and a recovery sheet now: older ones need the old key.',
  );
  return 0;
}

async function chooseNext(values: Values, now: KeyStatus['master']): Promise<NextKey> {
  const { to, 'new-key': keyFile, 'new-passphrase-file': passphraseFile } = values;
  if (to !== undefined && to !== 'file' && to !== 'passphrase')
    throw new Misused('--to takes file or passphrase.');
  if (keyFile !== undefined) {
    if (to !== undefined || passphraseFile !== undefined)
      throw new Misused('--new-key says already where the new key comes from.');
    return { kind: 'given', key: readMasterKeyFile(resolve(keyFile)) };
  }
  const kind = to ?? (passphraseFile === undefined ? now : 'passphrase');
  if (kind === 'given')
    throw new Misused(
      'The master key comes from the environment: name the new one with --new-key, or choose with --to.',
    );
  if (kind === 'file') return { kind };
  if (passphraseFile !== undefined)
    return { kind, passphrase: readPassphrase(resolve(passphraseFile)) };
  const passphrase = await askHidden('New passphrase');
  if ((await askHidden('The same once more')) !== passphrase)
    throw new Refused('The two were not the same; nothing was changed.');
  return { kind, passphrase };
}

async function exportRecovery(values: Values): Promise<number> {
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
