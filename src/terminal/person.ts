import {
  changeInOrganisation,
  deactivatePerson,
  loadAttendance,
  loadOwnFields,
  loadPerson,
  loadPersonHistory,
  reactivatePerson,
} from '../client/people.ts';
import type { PersonView } from '../core/people.wire.ts';
import { may } from './may.ts';
import { mergeInto } from './merge.ts';
import { changeRoles, giveAPassword, giveAPin } from './person-access.ts';
import { eraseForGood, placeHold } from './person-end.ts';
import { keepPersonFile } from './person-file.ts';
import { describeAttendance, describeHistory, describePerson } from './person-text.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';

/** One person: everything that is kept, and what can be done. */
export async function showPerson(place: Place, id: string): Promise<void> {
  const { dialogue, visit, me } = place;
  let isGone = false;
  let person = granted(place, await loadPerson(visit.send, id));
  const { fields } = granted(place, await loadOwnFields(visit.send));
  await dialogue.read(describePerson(person, fields));
  const leave = (gone: boolean): void => {
    isGone = gone;
  };
  await runMenu(
    place,
    () => person.name,
    async () => {
      person = granted(place, await loadPerson(visit.send, id));
      const isSelf = id === me.id;
      const items: (MenuItem | false)[] = [
        { label: 'Show', run: () => dialogue.read(describePerson(person, fields)) },
        {
          label: 'Attendance',
          hint: 'with dates',
          run: async () => {
            const attendance = granted(place, await loadAttendance(visit.send, id));
            await dialogue.read(describeAttendance(attendance, me.zone));
          },
        },
        {
          label: 'What was done to these data',
          run: async () => {
            const history = granted(place, await loadPersonHistory(visit.send, id));
            await dialogue.read(describeHistory(history, me.zone, fields));
          },
        },
        {
          label: 'Keep attendance as a file',
          run: async () =>
            keepPersonFile(place, person, granted(place, await loadAttendance(visit.send, id))),
        },
        may(place, 'people.change') && { label: 'Change', run: () => change(place, person) },
        may(place, 'password.assign') &&
          !isSelf && {
            label: 'Assign a password',
            hint: 'shown once',
            run: () => giveAPassword(place, person),
          },
        may(place, 'password.assign') && {
          label: 'Give a PIN for terminals',
          run: () => giveAPin(place, person),
        },
        may(place, 'role.change') &&
          !isSelf && { label: 'Roles', run: () => changeRoles(place, person) },
        may(place, 'people.change') && {
          label: person.state === 'active' ? 'Deactivate' : 'Reactivate',
          run: () => move(place, person),
        },
        may(place, 'people.change') && {
          label: 'Is the same as somebody else',
          hint: 'merge',
          run: async () => leave(await mergeInto(place, person, fields)),
        },
        may(place, 'legal-hold.change') && {
          label: person.held ? 'Lift the legal hold' : 'Place a legal hold',
          run: () => placeHold(place, person),
        },
        may(place, 'people.erase') && {
          label: 'Erase',
          hint: person.held ? 'a legal hold stops it' : 'for ever',
          run: async () => leave(await eraseForGood(place, person)),
        },
      ];
      return items.filter((item) => item !== false);
    },
    { until: () => isGone },
  );
}

async function change(place: Place, person: PersonView): Promise<void> {
  const { dialogue, visit } = place;
  const ask = (label: string, before: string | null) =>
    dialogue.ask(label, { initial: before ?? '', optional: label !== 'Name' });
  const next = {
    number: await ask('Number', person.number),
    name: await ask('Name', person.name),
    email: await ask('E-mail', person.email),
    contact: await ask('Contact', person.contact),
    address: await ask('Address', person.address),
    birthDate: await ask('Birth date', person.birthDate),
    department: await ask('Department', person.department),
    job: await ask('Job', person.job),
  };
  granted(place, await changeInOrganisation(visit.send, person.person, next));
  dialogue.say('The changes are kept.');
}

async function move(place: Place, { person, name, state }: PersonView): Promise<void> {
  const isActive = state === 'active';
  const work = isActive ? deactivatePerson : reactivatePerson;
  granted(place, await work(place.visit.send, person));
  place.dialogue.say(
    `${name} is ${isActive ? 'deactivated: no sign-in, no check-in' : 'active again'}.`,
  );
}
