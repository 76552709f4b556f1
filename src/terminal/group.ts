import { addGroup, addPerson, changeGroup, listGroups, loadGroup } from '../client/group.ts';
import type { GroupLine } from '../core/group.wire.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { openNow, showSessions } from './session.ts';

/** The groups that the person hosts, and what can be done with each. */
export const showGroups = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'Groups',
    () => groupItems(place),
  );

async function groupItems(place: Place): Promise<MenuItem[]> {
  const groups = granted(place, await listGroups(place.visit.send));
  const shown = groups.filter(({ archived }) => !archived);
  return [
    ...shown.map((group) => ({
      label: group.name,
      hint: describeGroup(group),
      run: () => showGroup(place, group.id),
    })),
    { label: 'New group', run: () => makeGroup(place) },
  ];
}

const describeGroup = ({ people, openSession }: GroupLine): string =>
  `${people} ${people === 1 ? 'person' : 'people'}${openSession ? ', a session is open' : ''}`;

async function makeGroup(place: Place): Promise<void> {
  const name = await place.dialogue.ask('Name of the group');
  const { id } = granted(place, await addGroup(place.visit.send, name));
  place.dialogue.say(`${name} is made.`);
  await showGroup(place, id);
}

async function showGroup(place: Place, id: string): Promise<void> {
  const { dialogue, visit } = place;
  let group = granted(place, await loadGroup(visit.send, id));
  await runMenu(
    place,
    () => group.name,
    async () => {
      group = granted(place, await loadGroup(visit.send, id));
      const { roster } = group;
      return [
        { label: 'Open a session now', run: () => openNow(place, id) },
        { label: 'Sessions', run: () => showSessions(place, { group: id, state: '' }) },
        {
          label: 'People',
          hint: `${roster.length} enrolled`,
          run: async () => {
            const lines = roster.map(
              ({ number, name, from, until }) =>
                `${number}  ${name}  from ${from}${until ? ` until ${until}` : ''}`,
            );
            dialogue.say(...(lines.length > 0 ? lines : ['Nobody is enrolled yet.']));
          },
        },
        { label: 'Enrol people', run: () => enrol(place, id) },
        {
          label: 'Rename',
          run: async () => {
            const name = await dialogue.ask('New name', { initial: group.name });
            granted(place, await changeGroup(visit.send, id, { name }));
          },
        },
      ];
    },
  );
}

/** One person after the other, until the number is left empty. */
async function enrol({ dialogue, visit, explain }: Place, group: string): Promise<void> {
  for (;;) {
    const number = await dialogue.ask('Number (empty: done)', { optional: true });
    if (number === '') return;
    const name = await dialogue.ask('Name');
    const answer = await addPerson(visit.send, group, { number, name });
    if (answer.ok) dialogue.say(`${number} ${name} is enrolled.`);
    else dialogue.complain(explain(answer.problem));
  }
}
