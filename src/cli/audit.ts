import { parseArgs } from 'node:util';
import { auditQuery } from '../core/audit.wire.ts';
import { openAuditExport } from '../server/audit-export.ts';
import { Directory } from '../store/directory.ts';
import { loadOrganisation } from '../store/organisation.ts';
import type { Description, Flags } from './description.ts';
import { Misused, Refused } from './failure.ts';
import { folderFlags, openHere } from './folders.ts';
import { writeOut } from './output.ts';

const flags = {
  ...folderFlags,
  json: { type: 'boolean', default: false, text: 'one JSON document' },
  csv: { type: 'boolean', default: false, text: 'a table for spreadsheets; so it is unless told' },
  from: {
    type: 'string',
    value: 'TIME',
    text: 'received then or later: a date of the organisation, or 2026-11-23T08:00:00Z',
  },
  until: {
    type: 'string',
    value: 'TIME',
    text: 'received before: the whole of a date, or up to an instant',
  },
  kind: { type: 'string', value: 'WORD', text: 'what events begin with, such as sign-in or mark' },
  actor: { type: 'string', value: 'ID', text: 'who did it: an id, phone, job or operator' },
  subject: { type: 'string', value: 'ID', text: 'whom it is about' },
  stream: {
    type: 'string',
    value: 'STREAM',
    text: 'organisation, people, reads, group:ID, session:ID; everything unless told',
  },
} as const satisfies Flags;

export const description: Description = {
  name: 'audit',
  arguments: [{ name: 'FILE', optional: true }],
  summary: 'writes what was done, by whom and from where, newest first, to FILE or to the terminal',
  flags,
  notes: ['That it was taken out is itself an event.'],
  examples: [
    {
      command: 'muster audit --kind sign-in.refused --from 2026-11-01 --json',
      text: 'wrong passwords since November',
    },
  ],
};

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true });
  const [file, ...more] = positionals;
  if (more.length > 0) throw new Misused('muster audit takes one file at most.');
  if (values.json && values.csv) throw new Misused('Choose one of --json and --csv.');
  await using opened = await openHere(values);
  const { store } = opened;
  const { zone } = await loadOrganisation(store);
  const { kind, actor, subject, stream = 'all' } = values;
  const asked = {
    kind,
    actor,
    subject,
    stream,
    from: values.from === undefined ? undefined : instantOf(values.from, 0, zone),
    until: values.until === undefined ? undefined : instantOf(values.until, 1, zone),
  };
  const parsed = auditQuery.safeParse(asked);
  if (!parsed.success) {
    throw new Misused(`--${parsed.error.issues[0]?.path.join('.')} is not written as it must be.`);
  }
  const app = { store, directory: new Directory(store) };
  const format = values.json ? 'json' : 'csv';
  // after an upgrade of a long ledger what finds events by time is still being made
  for (;;) {
    const pieces = await openAuditExport(app, 'operator', parsed.data, format, zone);
    if (!('ok' in pieces)) {
      const path = await writeOut(pieces, file);
      if (path !== null) process.stderr.write(`Written to ${path}\n`);
      return 0;
    }
    if (pieces.code !== 'busy') throw new Refused('The audit cannot be read.', pieces.code);
  }
}

/** Epoch ms of an instant, or of the beginning of a date, or of the one after it. */
function instantOf(text: string, later: 0 | 1, zone: string): number {
  try {
    if (text.length > 10) return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDate.from(text).add({ days: later }).toZonedDateTime(zone)
      .epochMilliseconds;
  } catch {
    throw new Misused(`"${text}" is no date such as 2026-11-23, and no instant.`);
  }
}
