import type { Description } from './description.ts';
import { changeGroups } from './groups/change.ts';
import { enrolPeople } from './groups/enrol.ts';
import { lookAtGroups } from './groups/look.ts';
import { describeActions, runNamed } from './script/action.ts';

const actions = [...lookAtGroups, ...changeGroups, ...enrolPeople];

export const description: Description = describeActions(
  {
    name: 'groups',
    summary: 'groups and who is enrolled, for scripts',
    notes: ['GROUP is a name that only one group has, or an id.'],
    examples: [
      { command: 'muster groups add "Physics 9b"', text: 'a new group' },
      { command: 'muster groups enrol "Physics 9b" 007 008', text: 'two people into it' },
      { command: 'cut -d, -f1,2 list.csv | muster groups import "Physics 9b" -', text: 'many' },
    ],
  },
  actions,
);

export const run = (args: string[]): Promise<number> => runNamed(description, actions, args);
