import { Readable } from 'node:stream';
import {
  type AuditExportQuery,
  type AuditLine,
  type AuditWhat,
  auditExportQuery,
} from '../core/audit.wire.ts';
import type { Instant } from '../core/brand.ts';
import { localDate, localTime } from '../core/local-time.ts';
import type { Refusal } from '../core/refusal.ts';
import { commit } from '../store/ledger.ts';
import { organisationStream, type Store } from '../store/store.ts';
import type { App } from './app.ts';
import { type AuditRows, findAudit, readAuditQuery } from './audit.ts';
import { presentLines } from './audit-line.ts';
import { byteOrderMark, writeCsv } from './csv.ts';
import { Pace } from './pace.ts';
import { Answer } from './route.ts';

type Reader = Pick<App, 'store' | 'directory'>;
type Format = AuditExportQuery['format'];

/** What a spreadsheet holds, and more than anybody reads. */
const mostLines = 1_000_000;
const linesAtOnce = 500;
const headings = [
  'Time',
  'UTC',
  'Event',
  'By',
  'By (id)',
  'About',
  'About (id)',
  'Address',
  'Device',
  'Place',
  'Facts',
  'Data',
  'Stream',
  'Number',
  'Id',
];

/**
 * What the filters show, as a file that is made while it is taken. The ledger keeps who took out what, before anything
 * is given. Refuses `input-invalid`, `busy`.
 */
export async function exportAudit(
  app: App,
  actor: string,
  asked: Readonly<Record<string, string>>,
): Promise<Answer | Refusal> {
  const query = readAuditQuery(asked, auditExportQuery);
  if ('ok' in query) return query;
  const { format, ...what } = query;
  const { zone } = app.settings.current;
  const pieces = await openAuditExport(app, actor, what, format, zone);
  if ('ok' in pieces) return pieces;
  const name = `audit-${localDate(app.store.clock.now(), zone)}.${format}`;
  const type = format === 'csv' ? 'text/csv' : 'application/json';
  return new Answer(Readable.from(pieces), {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
    },
  });
}

/** The same in pieces, for whoever writes them somewhere. Refuses `input-invalid`, `busy`. */
export async function openAuditExport(
  app: Reader,
  actor: string,
  what: AuditWhat,
  format: Format,
  zone: string,
): Promise<AsyncIterable<string> | Refusal> {
  const first = await findAudit(app, what, null, linesAtOnce);
  if ('ok' in first) return first;
  await noteExport(app.store, actor, what, format);
  const lines = walk(app, what, first);
  return format === 'csv' ? renderCsv(lines, zone) : renderJson(lines);
}

async function noteExport(
  store: Store,
  actor: string,
  what: AuditWhat,
  format: Format,
): Promise<void> {
  await commit(store, async ({ now, lock, append }) => {
    const stream = organisationStream;
    await lock([stream]);
    // whoever was looked for is typed by somebody: it may be a name
    const { actor: by, subject: about, ...filters } = what;
    const people = { ...(by && { by }), ...(about && { about }) };
    await append([
      {
        stream,
        type: 'audit.exported',
        occurredAt: now,
        actor,
        subject: null,
        facts: { format, filters },
        ...(by || about ? { data: people } : {}),
      },
    ]);
  });
}

/** Lines a few at a time; null at the end, where there would have been more than are given. */
async function* walk(
  app: Reader,
  what: AuditWhat,
  first: AuditRows,
): AsyncGenerator<AuditLine[] | null> {
  const pace = new Pace();
  let found = first;
  for (let count = 0; ; ) {
    if (count >= mostLines) {
      yield null;
      return;
    }
    count += found.rows.length;
    yield await presentLines(app, found.rows);
    if (found.cursor === null) return;
    await pace.breathe();
    const next = await findAudit(app, what, found.cursor, linesAtOnce);
    if ('ok' in next) throw new Error(`the audit refused to go on: ${next.code}`);
    found = next;
  }
}

async function* renderCsv(
  lines: AsyncIterable<AuditLine[] | null>,
  zone: string,
): AsyncGenerator<string> {
  yield byteOrderMark + writeCsv([headings], '\r\n');
  for await (const some of lines) {
    if (some === null) yield writeCsv([[`Cut off after ${mostLines} events`]], '\r\n');
    else if (some.length > 0)
      yield writeCsv(
        some.map((line) => cells(line, zone)),
        '\r\n',
      );
  }
}

async function* renderJson(lines: AsyncIterable<AuditLine[] | null>): AsyncGenerator<string> {
  yield '{"events":[';
  let comma = '';
  let complete = true;
  for await (const some of lines) {
    if (some === null) complete = false;
    for (const line of some ?? []) {
      yield `${comma}\n${JSON.stringify(line)}`;
      comma = ',';
    }
  }
  yield `\n],"complete":${complete}}\n`;
}

function cells(line: AuditLine, zone: string): string[] {
  const { date, time } = localTime(line.at as Instant, zone);
  const place = line.terminal === null ? (line.place ?? '') : `${line.place}: ${line.terminal}`;
  return [
    `${date} ${time}`,
    new Date(line.at).toISOString(),
    line.type,
    line.actor.name ?? '',
    line.actor.id,
    line.subject?.name ?? '',
    line.subject?.id ?? '',
    line.address ?? '',
    line.device ?? '',
    place,
    Object.keys(line.facts).length === 0 ? '' : JSON.stringify(line.facts),
    line.data === null ? (line.closed ? '(sealed)' : '') : JSON.stringify(line.data),
    line.stream,
    String(line.seq),
    line.id,
  ];
}
