import { addGroup, changeGroup } from '../../client/group.ts';
import { granted } from '../connection.ts';
import { Misused } from '../failure.ts';
import { type Action, type At, action, type Outcome } from '../script/action.ts';
import { findGroup } from '../script/find.ts';

const groupArgument = [{ name: 'GROUP' }] as const;

/** Making and changing groups. */
export const changeGroups: readonly Action[] = [
  action({
    name: 'add',
    arguments: [{ name: 'NAME' }],
    summary: 'a new group',
    changes: true,
    async run({ act, isDryRun }, [name = '']) {
      const { id } = granted(await addGroup(act, name));
      return { json: { ...(isDryRun ? {} : { id }), name }, lines: [`${name} is made.`] };
    },
  }),
  action({
    name: 'change',
    arguments: groupArgument,
    summary: 'the name of a group',
    flags: { name: { type: 'string', value: 'NAME', text: 'the new name' } },
    changes: true,
    async run({ act, look }, [word = ''], { name }) {
      if (name === undefined) throw new Misused('Give the new name with --name.');
      const group = await findGroup(look, word);
      granted(await changeGroup(act, group.id, { name }));
      return {
        json: { id: group.id, name, changed: name !== group.name },
        lines: [`${group.name} is now ${name}.`],
      };
    },
  }),
  action({
    name: 'archive',
    arguments: groupArgument,
    summary: 'puts a group away; its past stays',
    changes: true,
    run: (at, [word = '']) => putAway(at, word, true),
  }),
  action({
    name: 'unarchive',
    arguments: groupArgument,
    summary: 'brings a group back',
    changes: true,
    run: (at, [word = '']) => putAway(at, word, false),
  }),
];

async function putAway({ act, look }: At, word: string, archived: boolean): Promise<Outcome> {
  const { id, name, archived: before } = await findGroup(look, word);
  const changed = before !== archived;
  if (changed) granted(await changeGroup(act, id, { archived }));
  const said = `${name} is ${archived ? 'archived' : 'in use'}`;
  return { json: { id, archived, changed }, lines: [`${said}${changed ? '' : ' already'}.`] };
}
