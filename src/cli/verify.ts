import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { finish, verifyLedger } from '../store/verify.ts';
import { verifyFile } from '../store/verify-file.ts';
import { checkWithAnchor } from './anchor-check.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { describeFault, describeFileFault } from './fault-text.ts';
import { type FolderChoice, folderFlags, openHere } from './folders.ts';
import { count, print } from './output.ts';
import { Progress } from './progress.ts';

const flags = {
  ...folderFlags,
  anchor: {
    type: 'string',
    value: 'FILE',
    text: 'compares with an anchor, a mail with its fingerprint, or the fingerprint itself: what was cut, rewritten or grew since',
  },
  json: { type: 'boolean', default: false, text: 'prints the report as JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'verify',
  arguments: [{ name: 'FILE', optional: true }],
  summary:
    'checks the whole ledger: chains, sealed data and records, or an exported ledger in FILE',
  flags,
  exits: { 1: 'something does not hold' },
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new Misused('muster verify takes one file at most.');
  const [file] = positionals;
  const { anchor, json } = values;
  if (anchor !== undefined) {
    if (file !== undefined) throw new Misused('--anchor is not for an exported ledger.');
    return checkWithAnchor(values, anchor, json);
  }
  return file === undefined ? checkHere(values, json) : checkFile(file, json);
}

async function checkHere(choice: FolderChoice, json: boolean): Promise<number> {
  await using opened = await openHere(choice);
  using progress = new Progress();
  const report = await finish(verifyLedger(opened.store), progress.tell);
  progress[Symbol.dispose]();
  if (json) await print(JSON.stringify(report));
  else if (report.ok) {
    const { events, streams, payloads, destroyed, retired, records } = report;
    await print(
      `The ledger holds: ${count(events, 'event')} in ${count(streams, 'stream')}, ${payloads} with sealed data that open and are what was hashed${destroyed > 0 ? `, ${destroyed} of erased people` : ''}${retired > 0 ? `, ${retired} destroyed by a rule of retention` : ''}; ${count(records, 'record')} as the events say.`,
    );
  } else {
    await print('The ledger does not hold:', ...report.faults.map(describeFault));
  }
  return report.ok ? 0 : 1;
}

async function checkFile(file: string, json: boolean): Promise<number> {
  await access(file).catch(() => {
    throw new Refused(`There is no file ${file}, or it cannot be read.`, 'unreadable');
  });
  const report = await verifyFile(createReadStream(file));
  if (json) await print(JSON.stringify(report));
  else if (report.ok) {
    const { events, streams, payloads, exportedAt } = report;
    const when = exportedAt === null ? '' : `, exported ${new Date(exportedAt).toISOString()}`;
    await print(
      `The file holds: ${count(events, 'event')} in ${count(streams, 'stream')}, ${payloads} with opened data that are what was hashed${when}.`,
    );
  } else {
    await print('The file does not hold:', ...report.faults.map(describeFileFault));
  }
  return report.ok ? 0 : 1;
}
