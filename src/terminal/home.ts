import { showGroups } from './group.ts';
import { checkInHere, showAccount, showOwnAttendance, showOwnDetails } from './own-account.ts';
import { showPeople } from './people.ts';
import { type MenuItem, type Place, runMenu } from './place.ts';
import { openNow, showSessions } from './session.ts';
import { showTerminals } from './terminals.ts';

const onThisMachine = /^http:\/\/(localhost|127\.|\[::1\])/;

/** What the person may do, by role, until they leave. */
export function showHome(place: Place): Promise<void> {
  const { me, visit } = place;
  const isAdmin = me.roles.includes('admin');
  const isHost = isAdmin || me.roles.includes('host');
  const isAuditor = me.roles.includes('auditor');
  const reads = isHost || isAuditor || me.roles.includes('supervisor');
  const items: (MenuItem | false)[] = [
    reads && { label: 'Groups', hint: 'people, sessions, roll', run: () => showGroups(place) },
    isHost && { label: 'Quick roll', hint: 'without a group', run: () => openNow(place) },
    reads && {
      label: 'Sessions that are open',
      run: () => showSessions(place, { state: 'open' }),
    },
    reads && { label: 'All sessions', run: () => showSessions(place, {}) },
    (isAdmin || isAuditor) && {
      label: 'People',
      hint: 'search, add, change, erase',
      run: () => showPeople(place),
    },
    isAdmin && {
      label: 'Shared terminals',
      hint: 'at a door',
      run: () => showTerminals(place),
    },
    onThisMachine.test(visit.origin) && {
      label: 'Check in',
      hint: 'by number and password or PIN',
      run: () => checkInHere(place),
    },
    me.id !== 'operator' && { label: 'My details', run: () => showOwnDetails(place) },
    me.id !== 'operator' && { label: 'My attendance', run: () => showOwnAttendance(place) },
    me.id !== 'operator' && { label: 'My account', run: () => showAccount(place) },
  ];
  const shown = items.filter((item) => item !== false);
  return runMenu(
    place,
    () => `${me.organisation || 'Muster'}: ${me.name}`,
    () => shown,
    'Leave',
  );
}
