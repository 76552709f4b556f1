import { changePassword, listSignIns, revokeSignIn, signOutEverywhere } from '../client/account.ts';
import { showGroups } from './group.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { openNow, showSessions } from './session.ts';
import { askNewPassword } from './set-up.ts';
import { dayAndTime } from './when.ts';

/** Of a password that is chosen here; the server judges it. */
const passwordMinLength = 10;

/** What the person may do, by role, until they leave. */
export function showHome(place: Place): Promise<void> {
  const { me } = place;
  const isHost = me.roles.includes('admin') || me.roles.includes('host');
  const items: (MenuItem | false)[] = [
    isHost && { label: 'Groups', hint: 'people, sessions, roll', run: () => showGroups(place) },
    isHost && { label: 'Quick roll', hint: 'without a group', run: () => openNow(place) },
    isHost && {
      label: 'Sessions that are open',
      run: () => showSessions(place, { state: 'open' }),
    },
    isHost && { label: 'All sessions', run: () => showSessions(place, {}) },
    me.email !== null && { label: 'My account', run: () => showAccount(place) },
  ];
  const shown = items.filter((item) => item !== false);
  return runMenu(
    place,
    () => `${me.organisation || 'Muster'}: ${me.name}`,
    () => shown,
    'Leave',
  );
}

function showAccount(place: Place): Promise<void> {
  const { dialogue, visit, me } = place;
  return runMenu(
    place,
    () => `${me.name}, ${me.email}`,
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
      { label: 'Where I am signed in', run: () => showSignIns(place) },
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

const showSignIns = (place: Place): Promise<void> =>
  runMenu(
    place,
    () => 'Signed in (choose one to end it)',
    async () =>
      granted(place, await listSignIns(place.visit.send)).map((signIn) => ({
        label: `${signIn.device}, ${signIn.address}${signIn.current ? ' (this one)' : ''}`,
        hint: `since ${dayAndTime(signIn.since, place.me.zone)}`,
        run: async () => {
          granted(place, await revokeSignIn(place.visit.send, signIn.id));
        },
      })),
  );
