import { loadAttendance, loadPerson, peopleCsvUrl } from '../../client/people.ts';
import type { PersonLine } from '../../core/people.wire.ts';
import { describeAttendance, describePerson } from '../../terminal/person-text.ts';
import { granted } from '../connection.ts';
import { count } from '../output.ts';
import { type Action, type At, action, type Outcome } from '../script/action.ts';
import { saveText } from '../script/file.ts';
import { findGroup, findPeople, findPerson } from '../script/find.ts';
import { writeTable } from '../script/table.ts';

const state = {
  type: 'string',
  value: 'active|inactive|all',
  default: 'active',
  text: 'whom',
} as const;

/** Looking at people. */
export const lookAtPeople: readonly Action[] = [
  action({
    name: 'list',
    summary: 'the people of the organisation',
    flags: {
      state,
      group: { type: 'string', value: 'GROUP', text: 'who is enrolled there; none: nowhere' },
      role: { type: 'string', value: 'ROLE', text: 'who has this role; none: who has no role' },
      sort: {
        type: 'string',
        value: 'FIELD',
        text: 'name, number or added; backwards as --sort=-name',
      },
    },
    async run(at, _words, { group, ...filter }) {
      const inGroup =
        group === undefined || group === 'none' ? group : (await findGroup(at.look, group)).id;
      return presentPeople(at, { ...filter, ...(inGroup === undefined ? {} : { group: inGroup }) });
    },
  }),
  action({
    name: 'search',
    arguments: [{ name: 'TEXT', many: true }],
    summary: 'people in whose fields words begin like these, best first',
    flags: { state: { ...state, default: 'all' } },
    run: (at, words, values) => presentPeople(at, { query: words.join(' '), ...values }),
  }),
  action({
    name: 'show',
    arguments: [{ name: 'PERSON' }],
    summary: 'everything that is kept of one person: by number, name, e-mail address or id',
    flags: {
      attendance: { type: 'boolean', default: false, text: 'with all sessions and marks' },
    },
    async run({ look, zone }, [word = ''], { attendance }) {
      const { person: id } = await findPerson(look, word);
      const person = granted(await loadPerson(look, id));
      const past = attendance ? granted(await loadAttendance(look, id)) : null;
      return {
        json: { person, ...(past ? { attendance: past } : {}) },
        lines: [
          ...describePerson(person),
          `Id: ${id}`,
          ...(past ? describeAttendance(past, zone) : []),
        ],
      };
    },
  }),
  action({
    name: 'export',
    arguments: [{ name: 'FILE', optional: true }],
    summary: 'all fields of people as CSV, to a new file or to the terminal',
    flags: { state: { ...state, default: 'all' } },
    run: ({ visit }, [file], values) => saveText(visit, peopleCsvUrl(values), file),
  }),
];

async function presentPeople(
  { look }: At,
  filter: Parameters<typeof findPeople>[1],
): Promise<Outcome> {
  const people: PersonLine[] = [];
  for await (const line of findPeople(look, filter)) people.push(line);
  const rows = people.map(({ number, name, state: stands, roles, groups, email }) => [
    number ?? '-',
    name,
    stands,
    roles.join(', '),
    groups.map((group) => group.name).join(', '),
    email ?? '',
  ]);
  return {
    json: { people, total: people.length },
    lines: [
      ...writeTable(['NUMBER', 'NAME', 'STATE', 'ROLES', 'GROUPS', 'E-MAIL'], rows),
      count(people.length, 'person', 'people'),
    ],
  };
}
