import { type AuditFilter, auditFileUrl, listAudit } from '../client/audit.ts';
import { listGroups } from '../client/group.ts';
import { auditKinds } from '../core/audit.wire.ts';
import { aDay, askMaybe } from './ask-when.ts';
import { describeAct, describeDetails } from './audit-text.ts';
import { findPerson } from './find-person.ts';
import { keepDownload } from './keep.ts';
import { Paging } from './paging.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { dayAndTime } from './when.ts';

/** What the events are looked through for, as it is asked and as it is said. */
interface Wanted {
  readonly filter: AuditFilter;
  readonly said: readonly string[];
}

const everything: Wanted = { filter: {}, said: [] };

/** What was done, newest first, and what it is looked through for. */
export function showAudit(place: Place): Promise<void> {
  let wanted = everything;
  const narrow = (label: string, hint: string, ask: () => Promise<Wanted>): MenuItem => ({
    label,
    hint,
    run: async () => {
      const more = await ask();
      const said = [...wanted.said, ...more.said];
      // without a stream the server leaves sessions and groups out: whoever looks for something looks everywhere
      wanted = { filter: { stream: 'all', ...wanted.filter, ...more.filter }, said };
    },
  });
  return runMenu(
    place,
    () => `Audit${wanted.said.map((each) => `, ${each}`).join('')}`,
    () => [
      { label: 'Show', hint: 'newest first', run: () => showActs(place, wanted.filter) },
      {
        label: 'Keep it as a file',
        hint: 'for a spreadsheet',
        run: () => keepFile(place, wanted.filter),
      },
      ...(wanted.filter.stream === undefined
        ? [narrow('Marks and sessions too', '', async () => ({ filter: {}, said: ['of all'] }))]
        : []),
      narrow('Only of one kind', 'sign-ins, marks, keys', () => askKind(place)),
      narrow('Only of one person', 'who did it', () => askPerson(place, 'actor')),
      narrow('Only about one person', 'to whom it was done', () => askPerson(place, 'subject')),
      narrow('Only some days', 'from, until', () => askDays(place)),
      narrow('Only of one group', 'hosts, enrolments', () => askGroup(place)),
      ...(wanted.said.length === 0
        ? []
        : [
            {
              label: 'Everything again',
              run: async () => {
                wanted = everything;
              },
            },
          ]),
    ],
  );
}

function keepFile(place: Place, filter: AuditFilter): Promise<void> {
  const [today] = dayAndTime(place.now(), place.me.zone).split(' ');
  return keepDownload(place, auditFileUrl(filter, 'csv'), `audit_${today}.csv`);
}

/** A page of events; each is shown whole when it is chosen. */
function showActs(place: Place, filter: AuditFilter): Promise<void> {
  const { dialogue, visit, me } = place;
  const paging = new Paging();
  return runMenu(
    place,
    () => 'Newest first (choose one to see all of it)',
    async () => {
      const page = granted(place, await listAudit(visit.send, filter, paging.cursor));
      if (page.events.length === 0) dialogue.say('Nothing was found here.');
      return [
        ...page.events.map((act) => ({
          label: describeAct(act, me.zone),
          run: () => dialogue.read(describeDetails(act, me.zone)),
        })),
        ...paging.ways(page.cursor, { further: 'Older ones', first: 'The newest again' }),
      ];
    },
  );
}

async function askKind({ dialogue }: Place): Promise<Wanted> {
  const kinds = [...auditKinds].sort();
  const kind = await dialogue.choose(
    'Which kind?',
    kinds.map((value) => ({ value, label: value.replaceAll('-', ' ') })),
  );
  return { filter: { kind }, said: [kind] };
}

async function askPerson(place: Place, part: 'actor' | 'subject'): Promise<Wanted> {
  const { person, name } = await findPerson(place, 'Who');
  return { filter: { [part]: person }, said: [`${part === 'actor' ? 'by' : 'about'} ${name}`] };
}

async function askDays(place: Place): Promise<Wanted> {
  const { dialogue, me } = place;
  const from = await askMaybe(place, 'From (2026-12-31, may stay empty)', aDay);
  const until = await askMaybe(place, 'Until (may stay empty)', aDay);
  const start = (day: Temporal.PlainDate): string =>
    String(day.toZonedDateTime(me.zone).epochMilliseconds);
  if (!from && !until) dialogue.say('All days are shown.');
  return {
    filter: {
      ...(from ? { from: start(from) } : {}),
      ...(until ? { until: start(until.add({ days: 1 })) } : {}),
    },
    said: [...(from ? [`from ${from}`] : []), ...(until ? [`until ${until}`] : [])],
  };
}

async function askGroup(place: Place): Promise<Wanted> {
  const groups = granted(place, await listGroups(place.visit.send));
  const choices = groups.map((group) => ({ value: group, label: group.name }));
  const { id, name } = await place.dialogue.choose('Which group?', choices);
  return { filter: { stream: `group:${id}` }, said: [name] };
}
