import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeAddress } from '../store/database-address.ts';
import { describeOwner } from '../store/key-owner.ts';
import {
  inspectBackup,
  type Restored,
  type RestorePlace,
  type RestoreStep,
  restore,
} from '../store/restore.ts';
import { systemRandom } from '../store/system-random.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { describeFault } from './fault-text.ts';
import { type Folders, findFolders, folderFlags, longStatementMs } from './folders.ts';
import { count, print } from './output.ts';
import { Progress } from './progress.ts';
import { systemClock } from './system.ts';

const flags = {
  ...folderFlags,
  'dry-run': {
    type: 'boolean',
    default: false,
    text: 'checks the whole backup and says what it holds; writes nothing',
  },
  json: { type: 'boolean', default: false, text: 'prints the result as JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'restore',
  arguments: [{ name: 'FILE|-' }],
  summary:
    'puts a backup of any database into an empty folder or the empty database of a server, and checks all of it',
  flags,
  notes: [
    'With - the backup comes from stdin. Nothing is ever overwritten. The keys of the backup must be there.',
    'Whoever was erased after the backup is erased again.',
    'Where the keys belong to another database, no server starts on what was restored before muster key take-over.',
  ],
  exits: { 1: 'nothing was restored; or the ledger did not hold when the backup was made' },
  examples: [
    {
      command: 'muster restore muster.backup --database postgres://muster@db.example/muster',
      text: 'a backup of any database into PostgreSQL',
    },
  ],
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new Misused('muster restore takes one file, or - for stdin.');
  if (file === '-' && process.stdin.isTTY)
    throw new Refused('With - the backup is to come from stdin, as in: muster restore - < FILE');
  const folders = findFolders(values);
  const isDry = values['dry-run'];
  using progress = new Progress();
  const given = {
    file: file === '-' ? process.stdin : resolve(file),
    keysFor: folders.keysFor,
    masterKey: folders.masterKey,
    into: placeOf(folders),
    clock: systemClock,
    random: systemRandom,
    tell: (step: RestoreStep) => progress.show(describeStep(step)),
  };
  const found = await (isDry ? inspectBackup : restore)(given);
  progress[Symbol.dispose]();
  const place = isDry ? null : whereOf(folders);
  if (values.json) await print(JSON.stringify({ place, ...found }));
  else await print(...describe(found, place, folders.keysFor(found.installation)));
  return found.faults.length === 0 ? 0 : 1;
}

const placeOf = ({ address, data }: Folders): RestorePlace =>
  address.engine === 'sqlite' ? { folder: data } : { address, timeoutMs: longStatementMs };

const whereOf = ({ address, data }: Folders): string =>
  address.engine === 'sqlite' ? data : describeAddress(address);

const describeStep = (step: RestoreStep): string =>
  'rows' in step ? `${step.rows} rows` : `checked ${step.events} events`;

/** @param place null where nothing was written */
function describe(
  { events, streams, madeAt, erased, keysOf, faults }: Restored,
  place: string | null,
  keyFolder: string,
) {
  const what = `${count(events, 'event')} in ${count(streams, 'stream')} as of ${new Date(madeAt).toISOString()}`;
  const lines = [
    place === null
      ? `The backup is whole and opens with the keys that are here: ${what}. Nothing was written.`
      : `Restored ${what} into ${place}`,
  ];
  if (erased > 0) {
    const people = `${count(erased, 'person', 'people')} erased after that backup`;
    lines.push(
      place === null
        ? `${people} would be erased again.`
        : `${people} ${erased === 1 ? 'was' : 'were'} erased again.`,
    );
  }
  if (keysOf !== null) {
    const { says, todo } = describeOwner(keyFolder, keysOf);
    lines.push(
      `${says} So no server starts on what ${place === null ? 'would be' : 'was'} restored.`,
      todo,
    );
  }
  if (faults.length > 0)
    lines.push('The ledger did not hold when the backup was made:', ...faults.map(describeFault));
  return lines;
}
