import { loadMe } from '../client/account.ts';
import { showAudit } from './audit.ts';
import { showBackups } from './backup.ts';
import { showGroups } from './group.ts';
import { may } from './may.ts';
import {
  checkInHere,
  keepOwnFile,
  showAccount,
  showOwnAttendance,
  showOwnDetails,
} from './own-account.ts';
import { showPeople } from './people.ts';
import { granted, type MenuItem, type Place, runMenu } from './place.ts';
import { openNow, showSessions } from './session.ts';
import { showTerminals } from './terminals.ts';

const onThisMachine = /^http:\/\/(localhost|127\.|\[::1\])/;

/** What the person may do, by role, until they leave. */
export function showHome(first: Place): Promise<void> {
  let place = first;
  return runMenu(
    first,
    () => `${place.me.organisation || 'Muster'}: ${place.me.name}`,
    async () => {
      // roles may have been given or taken away meanwhile
      place = { ...place, me: granted(place, await loadMe(place.visit.send)) };
      return homeItems(place);
    },
    { leave: 'Leave' },
  );
}

function homeItems(place: Place): MenuItem[] {
  const { me, visit } = place;
  const items: (MenuItem | false)[] = [
    may(place, 'group.read') && {
      label: 'Groups',
      hint: 'people, sessions, roll',
      run: () => showGroups(place),
    },
    may(place, 'session.create') && {
      label: 'Quick roll',
      hint: 'without a group',
      run: () => openNow(place),
    },
    may(place, 'session.read') && {
      label: 'Sessions that are open',
      run: () => showSessions(place, { state: 'open' }),
    },
    may(place, 'session.read') && { label: 'All sessions', run: () => showSessions(place, {}) },
    may(place, 'people.read') && {
      label: 'People',
      hint: 'search, add, change, erase',
      run: () => showPeople(place),
    },
    may(place, 'terminal.change') && {
      label: 'Shared terminals',
      hint: 'at a door',
      run: () => showTerminals(place),
    },
    may(place, 'backup.read') && {
      label: 'Backups',
      hint: 'how they stand, one now',
      run: () => showBackups(place),
    },
    may(place, 'audit.read') && {
      label: 'Audit',
      hint: 'who did what, from where',
      run: () => showAudit(place),
    },
    onThisMachine.test(visit.origin) && {
      label: 'Check in',
      hint: 'by number and password or PIN',
      run: () => checkInHere(place),
    },
    me.id !== 'operator' && { label: 'My details', run: () => showOwnDetails(place) },
    me.id !== 'operator' && { label: 'My attendance', run: () => showOwnAttendance(place) },
    me.id !== 'operator' && {
      label: 'Keep my attendance as a file',
      run: () => keepOwnFile(place),
    },
    me.id !== 'operator' && { label: 'My account', run: () => showAccount(place) },
  ];
  return items.filter((item) => item !== false);
}
