import { parseArgs } from 'node:util';
import { type BackupMade, type BackupProgress, backup } from '../store/backup.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { describeFault } from './fault-text.ts';
import { findFolders, folderFlags, openHere } from './folders.ts';
import { count, print } from './output.ts';
import { Progress } from './progress.ts';

const flags = {
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'prints the result as JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'backup',
  arguments: [{ name: 'FILE|FOLDER|-' }],
  summary:
    'backs up all data of any database, sealed, into one file or a stream, also while Muster runs',
  flags,
  notes: [
    'In a FOLDER the file is named after the time. With - the backup goes to stdout, for ssh, gpg or object storage, and words go to stderr.',
    'The keys are not in it: keep a copy of the key folder, or the recovery sheet, elsewhere.',
  ],
  exits: { 1: 'there is no backup; or it is true, but its ledger does not hold' },
  examples: [
    {
      command: 'muster backup - | ssh safe "cat > muster.backup"',
      text: 'to another machine, without a file on this one',
    },
  ],
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
  });
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0)
    throw new Misused('muster backup takes one file or folder, or - for stdout.');
  const isStream = target === '-';
  if (isStream && process.stdout.isTTY)
    throw new Refused('A backup is not for the eyes: send stdout to a file or another program.');
  await using opened = await openHere(values);
  const { store, installation, embedded } = opened;
  using progress = new Progress();
  const made = await backup({
    store,
    installation,
    dataFolder: embedded ? findFolders(values).data : null,
    target: isStream ? process.stdout : target,
    actor: 'operator',
    tell: (step) => progress.show(describeStep(step)),
  });
  progress[Symbol.dispose]();
  const lines = values.json ? [JSON.stringify(made)] : describe(made, installation.keys.path);
  if (isStream) process.stderr.write(lines.map((line) => `${line}\n`).join(''));
  else await print(...lines);
  return made.faults.length === 0 ? 0 : 1;
}

const describeStep = ({ rows, ofRows }: BackupProgress): string =>
  `backed up ${rows} of ${ofRows} rows`;

function describe(
  { file, bytes, sha256, events, streams, faults }: BackupMade,
  keyFolder: string,
): string[] {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const how = file === null ? 'sealed, to stdout' : `sealed and read back: ${file}`;
  return [
    `Backed up ${count(events, 'event')} in ${count(streams, 'stream')}, ${size}, ${how}`,
    `SHA-256: ${sha256}`,
    `It opens only with the keys in ${keyFolder}, which are not in it.`,
    ...(faults.length > 0 ? ['The copy is true, but the ledger does not hold:'] : []),
    ...faults.map(describeFault),
  ];
}
