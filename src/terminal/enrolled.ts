import { addPerson, changePerson, loadGroup } from '../client/group.ts';
import type { RosterLine } from '../core/group.wire.ts';
import { loadPeople, personLabel } from './find-person.ts';
import { may } from './may.ts';
import { showPerson } from './person.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { dayAndTime } from './when.ts';

/** Everybody who is or was enrolled in a group. */
export const showEnrolled = (place: Place, group: string): Promise<void> =>
  runMenu(
    place,
    () => 'Enrolled people',
    async () => {
      const { roster } = granted(place, await loadGroup(place.visit.send, group));
      if (roster.length === 0) place.dialogue.say('Nobody is enrolled yet.');
      return roster.map((line) => ({
        label: personLabel(line),
        hint: spanOf(line),
        run: () => showLine(place, group, line.person),
      }));
    },
  );

/** `from 2026-09-01 until 2027-07-31` */
const spanOf = ({ from, until }: RosterLine): string =>
  `from ${from}${until === null ? '' : ` until ${until}`}`;

/** One person in the group. Whoever is gone from the list stays what they were when last seen. */
async function showLine(place: Place, group: string, person: string): Promise<void> {
  let line: RosterLine | undefined;
  let isGone = false;
  await runMenu(
    place,
    () => (line ? `${personLabel(line)}, ${spanOf(line)}` : ''),
    async () => {
      const { roster } = granted(place, await loadGroup(place.visit.send, group));
      line = roster.find((each) => each.person === person);
      isGone = line === undefined;
      return line ? lineItems(place, group, line) : [];
    },
    { until: () => isGone },
  );
}

function lineItems(place: Place, group: string, line: RosterLine): MenuItem[] {
  const { dialogue, visit, me, now } = place;
  const { person, name, number, from, until } = line;
  const [today] = dayAndTime(now(), me.zone).split(' ');
  const change = async (edit: Parameters<typeof changePerson>[3], done: string): Promise<void> => {
    granted(place, await changePerson(visit.send, group, person, edit));
    dialogue.say(done);
  };
  const end = async (): Promise<void> => {
    const initial = until ?? today ?? '';
    const last = await dialogue.ask('Last day', { initial });
    await change({ until: last }, `${name} is enrolled until ${last}. What was marked stays.`);
  };
  const begin = async (): Promise<void> => {
    const first = await dialogue.ask('First day', { initial: from });
    await change({ from: first }, `${name} is enrolled from ${first}.`);
  };
  const edit = async (): Promise<void> => {
    const next = {
      number: await dialogue.ask('Number', { initial: number }),
      name: await dialogue.ask('Name', { initial: name }),
    };
    await change(next, 'The changes are kept.');
  };
  const items: (MenuItem | false)[] = [
    may(place, 'person.read') && {
      label: 'Details and attendance',
      run: () => showPerson(place, person),
    },
    may(place, 'roster.change') && { label: 'Change number or name', run: edit },
    may(place, 'roster.change') && {
      label: until === null ? 'End the enrolment' : 'Change the last day',
      run: end,
    },
    may(place, 'roster.change') &&
      until !== null && {
        label: 'Enrolled without an end again',
        run: () => change({ until: null }, `${name} is enrolled without an end.`),
      },
    may(place, 'roster.change') && { label: 'Change the first day', run: begin },
  ];
  return items.filter((item) => item !== false);
}

/** What whoever bears a number is called, as far as this person may know; null of a number that is free. */
async function nameOfNumber(place: Place, group: string, number: string): Promise<string | null> {
  const { roster } = granted(place, await loadGroup(place.visit.send, group));
  const enrolled = roster.find((line) => line.number === number);
  if (enrolled || !may(place, 'people.read')) return enrolled?.name ?? null;
  let cursor: string | undefined;
  do {
    const page = await loadPeople(place, number, 'all', cursor);
    const found = page.people.find((person) => person.number === number);
    if (found) return found.name;
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return null;
}

/** One person after the other, until the number is left empty. Who bears a number already is shown, and asked about. */
export async function enrol(place: Place, group: string): Promise<void> {
  const { dialogue, visit, explain } = place;
  for (;;) {
    const number = await dialogue.ask('Number (empty: done)', { optional: true });
    if (number === '') return;
    const known = await nameOfNumber(place, group, number);
    const name = await dialogue.ask('Name', known === null ? {} : { initial: known });
    const isOther = known !== null && known !== name;
    if (isOther && !(await dialogue.confirm(`${number} is ${known}. Call them ${name} now?`)))
      continue;
    const answer = await addPerson(visit.send, group, { number, name });
    if (answer.ok) dialogue.say(`${number} ${name} is enrolled.`);
    else dialogue.complain(explain(answer.problem));
  }
}
