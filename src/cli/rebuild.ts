import { parseArgs } from 'node:util';
import { type RecordDifference, rebuildRecords } from '../store/rebuild.ts';
import type { RecordTable } from '../store/schema.ts';
import type { Description, Flags } from './description.ts';
import { folderFlags, openHere } from './folders.ts';
import { count, print } from './output.ts';

const flags = {
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'prints the report as JSON' },
} as const satisfies Flags;

export const description: Description = {
  name: 'rebuild',
  summary: 'makes the stored records what the events of the ledger say, and tells what differed',
  flags,
};

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: flags,
  });
  await using opened = await openHere(values);
  const report = await rebuildRecords(opened.store, 'operator');
  const { sessions, records, differences } = report;
  if (values.json) await print(JSON.stringify(report));
  else if (differences.length === 0) {
    await print(
      `Nothing differed: ${count(records, 'record')} of ${count(sessions, 'session')} as the events say.`,
    );
  } else {
    await print(
      `${count(differences.length, 'record')} of ${records} differed and ${differences.length === 1 ? 'is' : 'are'} now as the events say:`,
      ...differences.map(describe),
    );
  }
  return 0;
}

function describe({ session, person, stored, rebuilt }: RecordDifference): string {
  return `session ${session}, person ${person}: ${say(stored)} was stored, the events say ${say(rebuilt)}`;
}

function say(row: RecordTable | null): string {
  if (!row) return 'nothing';
  const { status, at, minutes_late: late, pending, seq } = row;
  const when = at === null ? '' : ` at ${new Date(at).toISOString()}`;
  const minutes = late > 0 ? `, ${count(late, 'minute')} late` : '';
  return `${status ?? 'unmarked'}${when}${minutes}${pending ? ', disputed' : ''} (event ${seq})`;
}
