import { setTimeout } from 'node:timers/promises';
import {
  addToOrganisation,
  changeInOrganisation,
  deactivatePerson,
  erasePerson,
  listPeople,
  loadAttendance,
  loadPerson,
  peopleCsvUrl,
  reactivatePerson,
} from '../client/people.ts';
import { assignPassword } from '../client/sign-in.ts';
import { givePin } from '../client/terminal.ts';
import type { PeoplePage, PersonLine } from '../core/people.wire.ts';
import { describeAttendance, describePerson } from './person-text.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';

/** All people of the organisation: search, add, and what can be done with each. */
export const showPeople = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'People',
    () => [
      { label: 'Search', hint: 'by name, number, e-mail', run: () => search(place) },
      { label: 'Everybody', run: () => list(place, '', 'active') },
      { label: 'Those who are deactivated', run: () => list(place, '', 'inactive') },
      { label: 'Add a person', run: () => add(place) },
      { label: 'Keep everybody as a file', run: () => keepPeople(place) },
    ],
  );

async function keepPeople({ dialogue, visit, keepFile }: Place): Promise<void> {
  const text = await visit.fetchText(peopleCsvUrl({ state: 'all' }));
  if (text === null) dialogue.complain('The server did not give the people.');
  else dialogue.say(`The people are in ${await keepFile('people.csv', text)}`);
}

async function search(place: Place): Promise<void> {
  const query = await place.dialogue.ask('Beginnings of words');
  await list(place, query, 'all');
}

const list = (place: Place, query: string, state: string): Promise<void> =>
  runMenu(
    place,
    () => (query === '' ? 'People' : `People with "${query}"`),
    async () => {
      const { people, total } = await loadPage(place, query, state);
      if (total === 0) place.dialogue.say('Nobody was found.');
      if (total > people.length)
        place.dialogue.say(`${people.length} of ${total}: search for others.`);
      return people.map((person) => ({
        label: `${person.number ?? '-'}  ${person.name}`,
        hint: describeLine(person),
        run: () => showPerson(place, person.person),
      }));
    },
  );

/** After a start the server reads all people into memory first. */
async function loadPage(place: Place, query: string, state: string): Promise<PeoplePage> {
  for (;;) {
    const page = granted(place, await listPeople(place.visit.send, { query, state }));
    if (page.indexed >= 1) return page;
    await setTimeout(500);
  }
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

async function showPerson(place: Place, id: string): Promise<void> {
  const { dialogue, visit, me } = place;
  let isGone = false;
  let person = granted(place, await loadPerson(visit.send, id));
  dialogue.say(...describePerson(person));
  const ask = (label: string, before: string | null) =>
    dialogue.ask(label, { initial: before ?? '', optional: label !== 'Name' });
  const change = async (): Promise<void> => {
    const number = await ask('Number', person.number);
    const name = await ask('Name', person.name);
    const email = await ask('E-mail', person.email);
    const department = await ask('Department', person.department);
    const job = await ask('Job', person.job);
    granted(
      place,
      await changeInOrganisation(visit.send, id, { number, name, email, department, job }),
    );
    dialogue.say('The changes are kept.');
  };
  const move = async (): Promise<void> => {
    const isActive = person.state === 'active';
    const work = isActive ? deactivatePerson : reactivatePerson;
    granted(place, await work(visit.send, id));
    dialogue.say(
      `${person.name} is ${isActive ? 'deactivated: no sign-in, no check-in' : 'active again'}.`,
    );
  };
  const assign = async (): Promise<void> => {
    const { password } = granted(place, await assignPassword(visit.send, id));
    dialogue.say(
      `Password of ${person.name}: ${password}`,
      'It is not shown again, and has to be changed at the first sign-in.',
    );
  };
  const pin = async (): Promise<void> => {
    const typed = await dialogue.askSecret('PIN of 6 to 9 digits, or none');
    granted(place, await givePin(visit.send, id, typed === 'none' ? null : typed));
    dialogue.say(typed === 'none' ? 'The PIN is taken away.' : 'The PIN counts from now on.');
  };
  const erase = async (): Promise<void> => {
    dialogue.say(
      'Name, number and everything personal go for ever; marks and times stay, without a name.',
    );
    const name = await dialogue.ask(`Type the name to erase: ${person.name}`);
    granted(place, await erasePerson(visit.send, id, { name }));
    dialogue.say('The person is erased. Older backups and key folders have to go too.');
    isGone = true;
  };
  await runMenu(
    place,
    () => person.name,
    async () => {
      if (isGone) return [];
      person = granted(place, await loadPerson(visit.send, id));
      const items: MenuItem[] = [
        { label: 'Show', run: async () => dialogue.say(...describePerson(person)) },
        {
          label: 'Attendance',
          run: async () => {
            const attendance = granted(place, await loadAttendance(visit.send, id));
            dialogue.say(...describeAttendance(attendance, me.zone));
          },
        },
        { label: 'Change', run: change },
        { label: 'Assign a password', run: assign },
        { label: 'Give a PIN for terminals', run: pin },
        { label: person.state === 'active' ? 'Deactivate' : 'Reactivate', run: move },
        { label: 'Erase', run: erase },
      ];
      return items;
    },
  );
}
