import { addToOrganisation, peopleCsvUrl } from '../client/people.ts';
import type { PersonLine } from '../core/people.wire.ts';
import { loadPeople, personLabel } from './find-person.ts';
import { keepDownload } from './keep.ts';
import { may } from './may.ts';
import { Paging } from './paging.ts';
import { showPerson } from './person.ts';
import { granted, type Place, runMenu } from './place.ts';

/** All people of the organisation: search, add, and what can be done with each. */
export const showPeople = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'People',
    () =>
      [
        { label: 'Search', hint: 'by name, number, e-mail', run: () => search(place) },
        { label: 'Everybody', run: () => list(place, '', 'active') },
        { label: 'Those who are deactivated', run: () => list(place, '', 'inactive') },
        may(place, 'people.change') && { label: 'Add a person', run: () => add(place) },
        {
          label: 'Keep everybody as a file',
          run: () => keepDownload(place, peopleCsvUrl({ state: 'all' }), 'people.csv'),
        },
      ].filter((item) => item !== false),
  );

async function search(place: Place): Promise<void> {
  const query = await place.dialogue.ask('Beginnings of words');
  await list(place, query, 'all');
}

/** A page of those who match, and ways to the others. */
function list(place: Place, query: string, state: string): Promise<void> {
  const paging = new Paging();
  return runMenu(
    place,
    () => (query === '' ? 'People' : `People with "${query}"`),
    async () => {
      const page = await loadPeople(place, query, state, paging.cursor);
      if (page.total === 0) place.dialogue.say('Nobody was found.');
      return [
        ...page.people.map((person) => ({
          label: personLabel(person),
          hint: describeLine(person),
          run: () => showPerson(place, person.person),
        })),
        ...paging.ways(page.cursor, {
          further: `Further on (${page.total} in all)`,
          first: 'From the beginning',
        }),
      ];
    },
  );
}

const describeLine = ({ state, groups, email }: PersonLine): string =>
  [state === 'active' ? '' : state, groups.map(({ name }) => name).join(', '), email ?? '']
    .filter((part) => part !== '')
    .join('; ');

async function add(place: Place): Promise<void> {
  const { dialogue, visit } = place;
  const number = await dialogue.ask('Number (may stay empty)', { optional: true });
  const name = await dialogue.ask('Name');
  const email = await dialogue.ask('E-mail (may stay empty)', { optional: true });
  const body = { number: number || null, name, email: email || null };
  const { person } = granted(place, await addToOrganisation(visit.send, body));
  dialogue.say(`${name} is added.`);
  await showPerson(place, person);
}
