import type { PersonId } from '../core/brand.ts';
import { localTime } from '../core/local-time.ts';
import type { Refusal } from '../core/refusal.ts';
import { type SubjectData, takeSubjectData } from '../store/subject-access.ts';
import type { App } from './app.ts';
import { Answer } from './route.ts';

/** Everything about a person as a file: JSON, or HTML to read and print. Refuses `not-found`. */
export async function exportSubjectData(
  { store, settings }: App,
  actor: string,
  person: PersonId,
  format: string | undefined,
): Promise<Answer | Refusal> {
  const taken = await takeSubjectData(store, actor, person);
  if (!taken.ok) return taken;
  const isPage = format === 'html';
  const body = isPage
    ? presentSubjectPage(taken.data, settings.current)
    : presentSubjectJson(taken.data);
  return new Answer(body, {
    headers: {
      'content-type': `${isPage ? 'text/html' : 'application/json'}; charset=utf-8`,
      'content-disposition': `attachment; filename="person-data.${isPage ? 'html' : 'json'}"`,
      'cache-control': 'no-store',
    },
  });
}

export const presentSubjectJson = (data: SubjectData): string =>
  `${JSON.stringify(data, null, 2)}\n`;

/** The same as a page without scripts. */
export function presentSubjectPage(
  data: SubjectData,
  { name, zone }: { readonly name: string; readonly zone: string },
): string {
  const { identity, ownFields } = data;
  const when = (at: number | null) => {
    if (at === null) return '';
    const { date, time } = localTime(at as SubjectData['takenAt'], zone);
    return `${date} ${time}`;
  };
  const { own = {}, ...fields } = identity;
  const facts: [string, unknown][] = [
    ...Object.entries(fields),
    ...Object.entries(own).map(([id, value]): [string, unknown] => [ownFields[id] ?? id, value]),
    ['state', data.state],
    ['added', when(data.addedAt)],
    ['roles', data.roles.join(', ')],
    ['legal hold', data.held ? 'yes' : 'no'],
    ['password', data.signIn.password ? 'set' : 'none'],
    ['PIN', data.signIn.pin ? 'set' : 'none'],
    ['authenticator', data.signIn.authenticator ? 'set' : 'none'],
    ['merged with', data.merged.join(', ')],
    ['id', data.person],
  ];
  const title = `Data about ${identity.name}`;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeText(title)}</title>`,
    '<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}</style>',
    `</head><body><h1>${escapeText(title)}</h1>`,
    `<p>All that ${escapeText(name || 'this installation')} keeps, as of ${when(data.takenAt)} (${escapeText(zone)}).</p>`,
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
        one.minutesLate,
        one.how ?? '',
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
      'Everything recorded',
      ['When', 'What', 'By', 'Facts', 'Data', 'Hash'],
      data.events.map((event) => [
        when(event.occurredAt),
        event.type,
        event.actor,
        JSON.stringify(event.record ? { record: event.record, ...event.facts } : event.facts),
        event.data === null ? '' : JSON.stringify(event.data),
        event.hash.slice(0, 10),
      ]),
    ),
    '</body></html>\n',
  ].join('\n');
}

function table(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): string {
  const cells = (tag: string, values: readonly unknown[]) =>
    `<tr>${values.map((value) => `<${tag}>${escapeText(String(value ?? ''))}</${tag}>`).join('')}</tr>`;
  const body =
    rows.length === 0
      ? '<p>Nothing.</p>'
      : `<table><thead>${cells('th', columns)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
  return `<h2>${escapeText(heading)}</h2>${body}`;
}

const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
