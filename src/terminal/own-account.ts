import { randomUUID } from 'node:crypto';
import { changePassword, listSignIns, revokeSignIn, signOutEverywhere } from '../client/account.ts';
import { loadOwnAttendance, loadOwnPerson } from '../client/own-person.ts';
import { listSignInHistory } from '../client/sign-in.ts';
import { changeOwnPin, checkInByBox, loadTerminalKey } from '../client/terminal.ts';
import type { SignIn } from '../core/account.wire.ts';
import { keepPersonFile } from './person-file.ts';
import { describeAttendance, describePerson } from './person-text.ts';
import { granted, type Place, runMenu } from './place.ts';
import { sealBox } from './sealed-box.ts';
import { askNewPassword } from './set-up.ts';
import { dayAndTime } from './when.ts';

/** Of a password that is chosen here; the server judges it. */
const passwordMinLength = 10;

/** One's own password, PIN and sign-ins. */
export function showAccount(place: Place): Promise<void> {
  const { dialogue, visit, me } = place;
  return runMenu(
    place,
    () => (me.email === null ? me.name : `${me.name}, ${me.email}`),
    () => [
      {
        label: 'Change my password',
        run: async () => {
          const current = await dialogue.askSecret('The password as it is');
          const next = await askNewPassword(dialogue, passwordMinLength);
          granted(place, await changePassword(visit.send, current, next));
          dialogue.say('The new password counts from now on. Other sign-ins have ended.');
        },
      },
      { label: 'PIN for terminals', hint: '6 to 9 digits', run: () => choosePin(place) },
      { label: 'Where I am signed in', run: () => showSignIns(place) },
      { label: 'My sign-ins of late', run: () => showPast(place) },
      {
        label: 'Sign out everywhere',
        run: async () => {
          if (!(await dialogue.confirm('Sign out everywhere, here too?'))) return;
          granted(place, await signOutEverywhere(visit.send));
        },
      },
    ],
  );
}

async function choosePin(place: Place): Promise<void> {
  const { dialogue, visit } = place;
  const password = await dialogue.askSecret('Your password');
  const pin = await dialogue.askSecret('A new PIN, or none to take it away');
  const wanted = pin.trim().toLowerCase() === 'none' ? null : pin;
  granted(place, await changeOwnPin(visit.send, password, wanted));
  dialogue.say(wanted === null ? 'You have no PIN any more.' : 'The new PIN counts from now on.');
}

const showSignIns = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'Signed in (choose one to end it)',
    async () =>
      granted(place, await listSignIns(place.visit.send)).map((signIn) => ({
        label: `${signIn.current ? 'This one: ' : ''}${placeOf(signIn)}`,
        hint: `since ${dayAndTime(signIn.since, place.me.zone)}`,
        run: async () => {
          granted(place, await revokeSignIn(place.visit.send, signIn.id));
        },
      })),
  );

/** A device, where it is known, and an address. */
const placeOf = ({ device, address }: Pick<SignIn, 'device' | 'address'>): string =>
  [device, address].filter((part) => part !== '').join(', ');

async function showPast(place: Place): Promise<void> {
  const past = granted(place, await listSignInHistory(place.visit.send));
  await place.dialogue.read(
    past.map(({ at, ok, how, ...from }) => {
      const by = how ? ` by ${how}` : '';
      const outcome = ok ? 'Signed in' : 'Refused';
      return `${dayAndTime(at, place.me.zone)} ${outcome}${by}: ${placeOf(from)}`;
    }),
  );
}

/** What is kept of oneself. */
export async function showOwnDetails(place: Place): Promise<void> {
  const person = granted(place, await loadOwnPerson(place.visit.send));
  await place.dialogue.read(describePerson(person, person.fields));
}

/** One's own sessions with dates. */
export async function showOwnAttendance(place: Place): Promise<void> {
  const attendance = granted(place, await loadOwnAttendance(place.visit.send));
  await place.dialogue.read(describeAttendance(attendance, place.me.zone));
}

/** The same as a file. */
export async function keepOwnFile(place: Place): Promise<void> {
  const person = granted(place, await loadOwnPerson(place.visit.send));
  const attendance = granted(place, await loadOwnAttendance(place.visit.send));
  await keepPersonFile(place, person, attendance);
}

/** A check-in by number and password or PIN, at the machine of the server itself. */
export async function checkInHere(place: Place): Promise<void> {
  const { dialogue, visit } = place;
  const number = await dialogue.ask('Number');
  const secret = await dialogue.askSecret('PIN or password');
  const { publicKey } = granted(place, await loadTerminalKey(visit.send));
  const attempt = randomUUID();
  const box = sealBox(publicKey, attempt, { number, secret });
  const receipt = granted(place, await checkInByBox(visit.send, { attempt, at: null, box }));
  const { name, session, status, already, time } = receipt;
  dialogue.say(`${name}: ${already ? 'already ' : ''}${status} in ${session}, ${time}.`);
}
