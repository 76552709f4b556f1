import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backup } from '../store/backup.ts';
import { databaseName } from '../store/installation.ts';
import { Misused, Refused } from './failure.ts';
import { describeFault } from './fault-text.ts';
import { findFolders, folderFlags, folderUsage, openHere } from './folders.ts';
import { count, print } from './output.ts';
import { Progress } from './progress.ts';

export const usage = `muster backup FILE [flags]
  backs up all data into one encrypted file, also while Muster runs, and reads it back
${folderUsage}
  --json          prints the result as JSON
  The keys are not in the file: keep a copy of the key folder, or the recovery sheet, elsewhere.`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...folderFlags, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Misused('muster backup takes one file.');
  const target = resolve(file);
  await using opened = await openHere(values);
  const { store, embedded: installation } = opened;
  if (!installation) {
    throw new Refused(
      'These data lie on a database server: back it up with its own tool (pg_dump, mariadb-dump), or copy the data here first with: muster move --to sqlite:FOLDER',
    );
  }
  using progress = new Progress();
  const made = await backup({
    store,
    installation,
    database: join(findFolders(values).data, databaseName),
    target,
    actor: 'operator',
    tell: progress.tell,
  });
  progress[Symbol.dispose]();
  const { bytes, sha256, events, streams, faults } = made;
  if (values.json) await print(JSON.stringify({ file: target, ...made }));
  else {
    await print(
      `Backed up ${count(events, 'event')} in ${count(streams, 'stream')}, ${(bytes / 1e6).toFixed(1)} MB, encrypted and read back: ${target}`,
      `SHA-256 of its data: ${sha256}`,
      `It opens only with the keys in ${installation.keys.path}, which are not in it.`,
    );
    if (faults.length > 0) {
      await print('The copy is true, but the ledger does not hold:', ...faults.map(describeFault));
    }
  }
  return faults.length === 0 ? 0 : 1;
}
