import { localTime } from '../core/local-time.ts';
import type { MailTemplate } from '../core/mail.ts';
import type { SubjectData } from '../store/subject-access.ts';
import { escapeHtml } from './escape-html.ts';
import { presentSubjectEvent, wayWord } from './subject-event.ts';

/** What a file about a person is made of; without `held` nothing is said of legal holds. */
export type SubjectFile = Omit<SubjectData, 'held'> & Partial<Pick<SubjectData, 'held'>>;

const labels: Readonly<Record<string, string>> = {
  number: 'Number',
  name: 'Name',
  email: 'E-mail',
  contact: 'Contact',
  address: 'Address',
  birthDate: 'Date of birth',
  job: 'Job',
  department: 'Department',
};

const mailWords: Readonly<Record<MailTemplate, string>> = {
  'password-link': 'A link to a new password',
  registration: 'A link to finish registering',
  'registration-known': 'This address is known already',
  anchor: 'An anchor of the ledger',
  test: 'A test',
};

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: clamp(1.4rem, 5vw, 2rem); line-height: 1.2; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #888; padding: .25rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; min-width: 4.5rem; }
tr, h2 { break-inside: avoid; }
h2 { break-after: avoid; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; }
  tr { border-bottom: 1px solid #888; padding: .5rem 0; }
  td { border: 0; padding: .125rem 0; }
  td:empty { display: none; }
  td::before { content: attr(data-column) ': '; font-weight: bold; }
}
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; max-width: none; margin: 0; padding: 0; }
  .wide { overflow: visible; }
  th, td { min-width: 0; }
}
`;

/** Everything about a person as a page to read and print, without scripts. */
export function presentSubjectPage(
  data: SubjectFile,
  { name, zone }: { readonly name: string; readonly zone: string },
): string {
  const { identity, ownFields } = data;
  const when = (at: number | null) => {
    if (at === null) return '';
    const { date, time } = localTime(at as SubjectFile['takenAt'], zone);
    return `${date} ${time}`;
  };
  const { own = {}, ...fields } = identity;
  const facts: [string, unknown][] = [
    ...Object.entries(fields).map(([id, value]): [string, unknown] => [labels[id] ?? id, value]),
    ...Object.entries(own).map(([id, value]): [string, unknown] => [ownFields[id] ?? id, value]),
    ['State', data.state],
    ['Added', when(data.addedAt)],
    ['Roles', data.roles.join(', ')],
    ...(data.held === undefined
      ? []
      : [['Legal hold', data.held ? 'yes' : 'no'] satisfies [string, unknown]]),
    ['Password', data.signIn.password ? 'set' : 'none'],
    ['PIN', data.signIn.pin ? 'set' : 'none'],
    ['Authenticator', data.signIn.authenticator ? 'set' : 'none'],
    ...data.merged.map((alias): [string, unknown] => ['Merged with', alias]),
    ['Id', data.person],
  ];
  const themselves = new Set([data.person, ...data.merged]);
  const places = new Map([
    ...data.records.map((one): [string, string] => [one.session, `Session ${one.title}`]),
    ...data.groups.map((one): [string, string] => [one.group, `Group ${one.name}`]),
  ]);
  const title = `Data about ${identity.name}`;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    `</head><body><h1>${escapeHtml(title)}</h1>`,
    `<p>All that ${escapeHtml(name || 'this installation')} keeps, as of ${when(data.takenAt)} (${escapeHtml(zone)}).</p>`,
    table('Person', ['Field', 'Value'], facts),
    table(
      'Groups',
      ['Group', 'From', 'Until'],
      data.groups.map(({ name: group, from, until }) => [group, from, until ?? '']),
    ),
    table(
      'Attendance',
      ['Date', 'Session', 'Status', 'At', 'Minutes late', 'How'],
      data.records.map((one) => [
        one.date,
        one.title,
        one.pending ? 'disputed' : (one.status ?? 'unmarked'),
        when(one.at),
        one.minutesLate || '',
        wayWord(one.how),
      ]),
    ),
    table(
      'Signed in',
      ['Device', 'Address', 'Since', 'Last used'],
      data.signIn.signedIn.map(({ device, address, since, seen }) => [
        device,
        address,
        when(since),
        when(seen),
      ]),
    ),
    table(
      'Passkeys',
      ['Name', 'Made', 'Used'],
      data.signIn.passkeys.map((one) => [one.name, when(one.madeAt), when(one.usedAt)]),
    ),
    table(
      'Mails',
      ['What', 'State', 'Made', 'Sent'],
      data.mails.map((one) => [
        mailWords[one.template],
        one.state,
        when(one.madeAt),
        when(one.sentAt),
      ]),
    ),
    table(
      'Everything recorded',
      ['When', 'What', 'By', 'In detail', 'Proof'],
      data.events.map((event) => {
        const { at, what, by, lines, proof } = presentSubjectEvent(event, {
          themselves,
          places,
          when,
        });
        return [at, what, by, lines, proof];
      }),
    ),
    '</body></html>\n',
  ].join('\n');
}

function table(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): string {
  const heads = columns.map((column) => `<th scope="col">${write(column)}</th>`);
  const cells = (values: readonly unknown[]) =>
    values.map((value, index) => `<td data-column="${write(columns[index])}">${write(value)}</td>`);
  const body =
    rows.length === 0
      ? '<p>Nothing.</p>'
      : `<div class="wide"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row).join('')}</tr>`).join('')}</tbody></table></div>`;
  return `<h2>${escapeHtml(heading)}</h2>${body}`;
}

/** Several lines stay lines. */
const write = (value: unknown): string =>
  Array.isArray(value) ? value.map(write).join('<br>') : escapeHtml(String(value ?? ''));
