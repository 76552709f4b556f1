import { parseArgs } from 'node:util';
import { type MoveReport, move } from '../store/move.ts';
import type { MoveStep } from '../store/move-copy.ts';
import { type MoveSource, openFolderSource, openServerSource } from '../store/move-source.ts';
import { type MoveTarget, openFolderTarget, openServerTarget } from '../store/move-target.ts';
import { systemRandom } from '../store/system-random.ts';
import type { VerifyProgress } from '../store/verify.ts';
import { type ControlHold, holdControl, readControl } from './control.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { describeFault } from './fault-text.ts';
import { type Folders, findFolders, folderFlags, longStatementMs } from './folders.ts';
import { count, print } from './output.ts';
import { Progress } from './progress.ts';
import { systemClock } from './system.ts';

const flags = {
  to: {
    type: 'string',
    value: 'URL',
    text: 'postgres://USER@HOST/DATABASE, mysql://USER@HOST/DATABASE: an empty database; or sqlite:FOLDER: a new folder',
  },
  from: {
    type: 'string',
    value: 'URL',
    text: 'where the data are now, written in the same way; without it, as --data and --database say',
  },
  'chains-only': {
    type: 'boolean',
    default: false,
    text: 'at the end walks the chains only, not sealed data and records',
  },
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'prints the result as JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'move',
  summary:
    'copies all data to a database server, or back into a folder, and checks the copy; the source stays as it is',
  flags,
  notes: [
    'Stop Muster before. A move that was stopped goes on when it is started again. The keys stay where they are.',
  ],
  exits: { 1: 'the ledger that was moved does not hold, or the move failed' },
  examples: [
    {
      command: 'muster move --to postgres://muster@db.example/muster',
      text: 'from the data folder to PostgreSQL',
    },
  ],
};

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: flags,
  });
  const { to, from, data, keys } = values;
  if (to === undefined) throw new Misused('muster move takes the place to move to: --to URL.');
  const here = findFolders({ database: from ?? values.database, data, keys });
  const there = findFolders({ database: to, keys });
  await using source = await openSource(here);
  await using _hold = await holdStill(source);
  await using target = await openTarget(there, source);
  using progress = new Progress();
  const moved = await move({
    source,
    target,
    clock: systemClock,
    random: systemRandom,
    chainsOnly: values['chains-only'],
    tell: (step) => progress.show(describeStep(step)),
  });
  progress[Symbol.dispose]();
  if (values.json) await print(JSON.stringify({ from: source.where, to: target.where, ...moved }));
  else await print(...describe(moved, source, target, startFlags(there, to)));
  return moved.ledger.ok ? 0 : 1;
}

function openSource({ address, data, keysFor, masterKey }: Folders): Promise<MoveSource> {
  return address.engine === 'sqlite'
    ? openFolderSource(data, keysFor, masterKey)
    : openServerSource(address, keysFor, masterKey, longStatementMs);
}

function openTarget({ address, data }: Folders, source: MoveSource): Promise<MoveTarget> {
  return address.engine === 'sqlite'
    ? openFolderTarget(data, source)
    : openServerTarget(address, source, longStatementMs);
}

/**
 * Sees to it that nobody serves the data meanwhile.
 * @throws Refused where somebody does
 */
async function holdStill({ installation, where }: MoveSource): Promise<ControlHold> {
  const { path } = installation.keys;
  const control = await readControl(path);
  if (control) {
    throw new Refused(
      `Muster runs on the data in ${control.dataFolder} (process ${control.pid}). Stop it first, with Ctrl+C in its terminal or as a service, and start it again on the new place. Nothing was changed.`,
    );
  }
  return holdControl(path, where);
}

function describeStep(step: MoveStep | VerifyProgress): string {
  if (!('doing' in step)) {
    return `checked ${step.events} events, ${step.streams} of ${step.ofStreams} streams`;
  }
  return `${step.doing === 'copy' ? 'moved' : 'compared'} ${step.rows} of ${step.ofRows} rows`;
}

/** How a server is started on the target; its password stays out of sight. */
const startFlags = ({ address, data }: Folders, to: string): string =>
  address.engine === 'sqlite'
    ? `--data ${data}`
    : `--database ${to.replace(/^([a-z]+:\/\/[^:@/]*):[^@/]*@/, '$1@')}`;

function describe(
  { rows, before, tables, ledger }: MoveReport,
  source: MoveSource,
  target: MoveTarget,
  start: string,
): string[] {
  const earlier = before > 0 ? `, ${before} of them by an earlier move` : '';
  const lines = [
    `Moved ${count(rows, 'row')} in ${count(Object.keys(tables).length, 'table')} to ${target.where}${earlier}: every row read back and equal, ${count(ledger.events, 'event')} in ${count(ledger.streams, 'stream')}.`,
    `Start Muster there: muster start ${start}`,
    `The data in ${source.where} are as they were. Do not start Muster on them again; remove them when all is well.`,
  ];
  if (ledger.ok) return lines;
  return [
    ...lines,
    'The copy is true, but the ledger does not hold, and did not before:',
    ...ledger.faults.map(describeFault),
  ];
}
