import type { GroupId } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { loadGroup } from '../store/group.ts';
import type { SignedIn } from '../store/sign-in.ts';
import type { App } from './app.ts';
import { byteOrderMark, writeCsv } from './csv.ts';
import { listUntold } from './group.ts';
import { type GroupMember, loadGroupSheet } from './group-register.ts';
import { Pace } from './pace.ts';
import { Answer } from './route.ts';

const headings = [
  'Number',
  'Name',
  'Email',
  'From',
  'Until',
  'Present',
  'Late',
  'Absent',
  'Excused',
  'Rate',
];
const rowsAtOnce = 200;

/**
 * The group's people with dates, counts and rate as CSV (RFC 4180, UTF-8 with its mark, so that spreadsheets read
 * every script). What a spreadsheet would take for a formula begins with an apostrophe; importing takes it off.
 */
export async function exportRoster(
  app: App,
  me: SignedIn,
  group: GroupId,
): Promise<Answer | Refusal> {
  const row = await loadGroup(app.store, group);
  if (!row) return refuse('not-found');
  const untold = await listUntold(app, me, group);
  const { members } = await loadGroupSheet(app, group);
  const line = (member: GroupMember) => cells(member, untold.has(member.known.id));
  const pace = new Pace();
  const pieces = [byteOrderMark, writeCsv([headings], '\r\n')];
  for (let start = 0; start < members.length; start += rowsAtOnce) {
    pieces.push(writeCsv(members.slice(start, start + rowsAtOnce).map(line), '\r\n'));
    await pace.breathe();
  }
  return new Answer(pieces.join(''), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="roster.csv"; filename*=UTF-8''${fileName(row.name)}`,
    },
  });
}

function cells({ known, enrolment, rate }: GroupMember, isUntold: boolean): string[] {
  return [
    known.number ?? '',
    known.name,
    isUntold ? '' : (known.email ?? ''),
    enrolment.from,
    enrolment.until ?? '',
    String(rate.present),
    String(rate.late),
    String(rate.absent),
    String(rate.excused),
    rate.rate === null ? '' : rate.rate.toFixed(4),
  ];
}

/** Percent-encoded as RFC 8187 wants it; no name of a group can leave its folder or the header. */
const fileName = (name: string): string =>
  encodeURIComponent(`${name.replace(/[\\/:*?"<>|]+/gu, '-').toWellFormed()}.csv`).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
