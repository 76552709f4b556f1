import { addPerson, changePerson, loadGroup } from '../../client/group.ts';
import { applyRoster, previewRoster } from '../../client/roster.ts';
import type { RosterLine } from '../../core/group.wire.ts';
import type { PersonLine } from '../../core/people.wire.ts';
import { granted } from '../connection.ts';
import { Refused } from '../failure.ts';
import { type Action, type At, action, type Outcome } from '../script/action.ts';
import { findGroup, findPerson } from '../script/find.ts';
import { readInput } from '../script/input.ts';
import { checkRows, describeRow, skipFlag } from '../script/rows.ts';
import { systemClock } from '../system.ts';

const groupAndPeople = [{ name: 'GROUP' }, { name: 'PERSON', many: true }] as const;
const date = (text: string) => ({ type: 'string', value: 'YYYY-MM-DD', text }) as const;

/** Who belongs to a group, and for how long. */
export const enrolPeople: readonly Action[] = [
  action({
    name: 'enrol',
    arguments: groupAndPeople,
    summary: 'people into a group',
    flags: {
      from: date('the first day; today unless told'),
      until: date('the last day; none unless told'),
    },
    changes: true,
    run: enrol,
  }),
  action({
    name: 'end',
    arguments: groupAndPeople,
    summary: 'ends enrolments; what was recorded stays',
    flags: { on: date('the last day; today unless told') },
    changes: true,
    run: end,
  }),
  action({
    name: 'import',
    arguments: [{ name: 'GROUP' }, { name: 'FILE' }],
    summary: 'a list of people into a group, from CSV; - reads it. The same again changes nothing',
    flags: { from: date('the first day of those who are new'), 'skip-wrong': skipFlag },
    changes: true,
    run: importRoster,
  }),
];

async function enrol(
  { act, look }: At,
  [word = '', ...named]: readonly string[],
  { from, until }: { readonly from?: string; readonly until?: string },
): Promise<Outcome> {
  const { id, name: group } = await findGroup(look, word);
  const roster = await loadRoster(look, id);
  // nobody is enrolled before everybody is found
  const people: PersonLine[] = [];
  for (const each of named) people.push(await findPerson(look, each));
  const without = people.find(({ number }) => number === null);
  if (without)
    throw new Refused(`${without.name} has no number: give one first.`, 'number-missing');
  const done: { person: string; number: string; changed: boolean }[] = [];
  for (const { person, number, name } of people) {
    const stands = roster.get(person);
    const changed =
      !stands || stands.until !== (until ?? null) || (from !== undefined && stands.from !== from);
    if (changed)
      granted(
        await addPerson(act, id, {
          number: number ?? '',
          name,
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
        }),
      );
    done.push({ person, number: number ?? '', changed });
  }
  return {
    json: { group: id, people: done },
    lines: done.map(({ number, changed }) =>
      changed ? `${number} is enrolled in ${group}.` : `${number} is enrolled in ${group} already.`,
    ),
  };
}

async function end(
  { act, look, zone }: At,
  [word = '', ...named]: readonly string[],
  { on }: { readonly on?: string },
): Promise<Outcome> {
  const { id, name: group } = await findGroup(look, word);
  const roster = await loadRoster(look, id);
  const last = on ?? todayIn(zone);
  const people: RosterLine[] = [];
  for (const each of named) {
    const { person } = await findPerson(look, each);
    const line = roster.get(person);
    if (!line) throw new Refused(`${each} is not enrolled in ${group}.`, 'not-found');
    people.push(line);
  }
  const done: { person: string; number: string; until: string; changed: boolean }[] = [];
  for (const { person, number, until } of people) {
    // one that ended before is not made longer
    const changed = until === null || until > last || (on !== undefined && until !== on);
    if (changed) granted(await changePerson(act, id, person, { until: last }));
    done.push({ person, number, until: changed ? last : (until ?? last), changed });
  }
  return {
    json: { group: id, people: done },
    lines: done.map(
      ({ number, until, changed }) =>
        `${number} is in ${group} until ${until}${changed ? '' : ', as before'}.`,
    ),
  };
}

async function importRoster(
  { act, look, isDryRun }: At,
  [word = '', file = '-']: readonly string[],
  { from, 'skip-wrong': skips }: { readonly from?: string; readonly 'skip-wrong': boolean },
): Promise<Outcome> {
  const text = await readInput(file);
  const { id, name } = await findGroup(look, word);
  const roster = { text, ...(from === undefined ? {} : { from }) };
  const { counts, rows } = granted(await previewRoster(look, id, roster));
  const wrong = rows.filter(({ action: what }) => what === 'wrong');
  checkRows(counts.wrong, wrong, skips);
  if (!isDryRun) granted(await applyRoster(act, id, roster));
  const { add, enrol: enrolled, change, same } = counts;
  return {
    json: { group: id, counts, wrong, ...(isDryRun ? { rows } : {}) },
    lines: [
      `${name}: ${add} added, ${enrolled} enrolled, ${change} changed, ${same} as they were, ${counts.wrong} left out.`,
      ...wrong.map(describeRow),
    ],
  };
}

async function loadRoster(look: At['look'], id: string): Promise<ReadonlyMap<string, RosterLine>> {
  const { roster } = granted(await loadGroup(look, id));
  return new Map(roster.map((line) => [line.person, line]));
}

const todayIn = (zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(systemClock.now())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
