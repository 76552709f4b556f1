import type { Description } from './description.ts';
import { changePeople } from './people/change.ts';
import { importPeople } from './people/import.ts';
import { lookAtPeople } from './people/look.ts';
import { describeActions, runNamed } from './script/action.ts';

const actions = [...lookAtPeople, ...changePeople, importPeople];

export const description: Description = describeActions(
  {
    name: 'people',
    summary: 'the people of the organisation, for scripts: look, change, import, export',
    notes: [
      'PERSON is a number, an e-mail address, a whole name that only one person has, or an id.',
    ],
    examples: [
      { command: 'muster people search lovelace --json', text: 'one JSON document' },
      {
        command: 'muster people import staff.csv --dry-run',
        text: 'what the file would change',
      },
    ],
  },
  actions,
);

export const run = (args: string[]): Promise<number> => runNamed(description, actions, args);
