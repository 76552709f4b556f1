import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restore } from '../store/restore.ts';
import { systemRandom } from '../store/system-random.ts';
import { Misused } from './failure.ts';
import { describeFault } from './fault-text.ts';
import { findFolders, folderFlags, folderUsage } from './folders.ts';
import { count, print } from './output.ts';
import { Progress } from './progress.ts';
import { systemClock } from './system.ts';

export const usage = `muster restore FILE [flags]
  puts a backup into an empty or new data folder, after it has been checked as a whole
${folderUsage}
  --json          prints the result as JSON
  Nothing is ever overwritten. The keys of the backup must be there.`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...folderFlags, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Misused('muster restore takes one file.');
  const { data: folder, keysFor, masterKey } = findFolders(values);
  using progress = new Progress();
  const restored = await restore({
    file: resolve(file),
    folder,
    keysFor,
    masterKey,
    clock: systemClock,
    random: systemRandom,
    tell: progress.tell,
  });
  progress[Symbol.dispose]();
  const { events, streams, madeAt, erased, faults } = restored;
  if (values.json) await print(JSON.stringify({ folder, madeAt, events, streams, erased, faults }));
  else {
    await print(
      `Restored ${count(events, 'event')} in ${count(streams, 'stream')} as of ${new Date(madeAt).toISOString()} into ${folder}`,
    );
    if (erased > 0) {
      await print(
        `${count(erased, 'person', 'people')} erased after that backup ${erased === 1 ? 'was' : 'were'} erased again.`,
      );
    }
    if (faults.length > 0) {
      await print(
        'The ledger did not hold when the backup was made:',
        ...faults.map(describeFault),
      );
    }
  }
  return faults.length === 0 ? 0 : 1;
}
