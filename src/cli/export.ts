import { parseArgs } from 'node:util';
import type { LocalDate, SessionId } from '../core/brand.ts';
import { renderDayFile } from '../server/day-file.ts';
import { renderSessionCsv } from '../server/session-export.ts';
import { Directory } from '../store/directory.ts';
import { exportLedger } from '../store/ledger-export.ts';
import { loadOrganisation } from '../store/organisation.ts';
import { loadSession } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { folderFlags, openHere } from './folders.ts';
import { writeOut } from './output.ts';

const flags = {
  ...folderFlags,
  open: {
    type: 'boolean',
    default: false,
    text: 'ledger: opens the sealed data, so that the file names people',
  },
} as const satisfies Flags;

export const description: Description = {
  name: 'export',
  arguments: [{ name: 'day DATE|session ID|ledger' }, { name: 'FILE', optional: true }],
  summary:
    'writes a day file (YYYY-MM-DD), a session’s register, or the ledger to FILE or to the terminal',
  flags,
  notes: ['An exported ledger is checked without data and keys by: muster verify FILE'],
  examples: [
    { command: 'muster export day 2026-11-23 monday.csv', text: 'the day file of one day' },
  ],
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: flags,
    allowPositionals: true,
  });
  const [what = '', ...rest] = positionals;
  const [named, file, ...more] = what === 'ledger' ? [undefined, ...rest] : rest;
  if (!['day', 'session', 'ledger'].includes(what) || more.length > 0) {
    throw new Misused('muster export takes: day DATE, session ID, or ledger, and one file.');
  }
  if (what === 'day') checkDate(named);
  if (what === 'session' && named === undefined) {
    throw new Misused('muster export session takes the id of a session.');
  }
  await using opened = await openHere(values);
  const { store } = opened;
  const pieces =
    what === 'ledger'
      ? exportLedger(store, { open: values.open })
      : [await render(store, what, named ?? '')];
  const path = await writeOut(pieces, file);
  if (path !== null) process.stderr.write(`Written to ${path}\n`);
  return 0;
}

async function render(store: Store, what: string, named: string): Promise<string> {
  const { zone } = await loadOrganisation(store);
  const directory = new Directory(store);
  if (what === 'day') return renderDayFile(store, directory, named as LocalDate, zone);
  const session = await loadSession(store, store.engine.read, named as SessionId);
  if (!session) throw new Refused(`There is no session "${named}".`);
  return renderSessionCsv(store, directory, session.id, zone);
}

function checkDate(text: string | undefined): void {
  try {
    if (Temporal.PlainDate.from(text ?? '').toString() === text) return;
  } catch {
    // falls through to the one sentence
  }
  throw new Misused('muster export day takes a date such as 2026-11-23.');
}
