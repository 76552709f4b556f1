import { listGroups, loadGroup, rosterCsvUrl } from '../../client/group.ts';
import { granted } from '../connection.ts';
import { count } from '../output.ts';
import { type Action, action } from '../script/action.ts';
import { saveText } from '../script/file.ts';
import { findGroup } from '../script/find.ts';
import { writeTable } from '../script/table.ts';

const groupArgument = [{ name: 'GROUP' }] as const;

/** Looking at groups. */
export const lookAtGroups: readonly Action[] = [
  action({
    name: 'list',
    summary: 'the groups that you may see',
    flags: { all: { type: 'boolean', default: false, text: 'those that are archived, too' } },
    async run({ look }, _words, { all }) {
      const groups = granted(await listGroups(look)).filter(({ archived }) => all || !archived);
      const rows = groups.map(({ name, people, hosts, archived, openSession }) => [
        name,
        String(people),
        hosts.join(', '),
        archived ? 'archived' : openSession ? 'session open' : '',
      ]);
      return {
        json: { groups, total: groups.length },
        lines: [
          ...writeTable(['NAME', 'PEOPLE', 'HOSTS', 'NOW'], rows),
          count(groups.length, 'group'),
        ],
      };
    },
  }),
  action({
    name: 'show',
    arguments: groupArgument,
    summary: 'a group with its people and their rates',
    async run({ look }, [word = '']) {
      const { id } = await findGroup(look, word);
      const group = granted(await loadGroup(look, id));
      const rows = group.roster.map(({ number, name, from, until, rate }) => [
        number,
        name,
        from,
        until ?? '',
        rate.rate === null ? '' : `${Math.round(rate.rate * 100)} %`,
      ]);
      return {
        json: { group },
        lines: [
          `Name: ${group.name}${group.archived ? ' (archived)' : ''}`,
          `Id: ${id}`,
          `Hosts: ${group.hosts.map(({ name }) => name).join(', ')}`,
          ...writeTable(['NUMBER', 'NAME', 'FROM', 'UNTIL', 'RATE'], rows),
          count(rows.length, 'person', 'people'),
        ],
      };
    },
  }),
  action({
    name: 'export',
    arguments: [...groupArgument, { name: 'FILE', optional: true }],
    summary: 'the people of a group with their rates as CSV, to a new file or to the terminal',
    async run({ look, visit }, [word = '', file]) {
      const { id } = await findGroup(look, word);
      return saveText(visit, rosterCsvUrl(id), file);
    },
  }),
];
