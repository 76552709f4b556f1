import { keys } from './pseudo-terminal.ts';
import type { Walker } from './walker.ts';

/** Keeps what is shown now under a name. */
export type Shoot = (name: string) => Promise<void>;

/** Goes through every screen of an administrator, in a school that `furnish` made. */
export async function tourAdmin(walker: Walker, shoot: Shoot): Promise<void> {
  await enter(walker, shoot, 'Groups', 'groups');
  await enter(walker, shoot, 'Physics 10B', 'group');
  await enter(walker, shoot, 'Sessions', 'group-sessions');
  await leave(walker);
  await enter(walker, shoot, 'People', 'enrolled');
  await enter(walker, shoot, '008', 'enrolled-person');
  await ask(walker, shoot, 'End the enrolment', 'Last day', 'enrolment-end');
  await leave(walker);
  await leave(walker);
  await ask(walker, shoot, 'Enrol people', 'Number', 'enrol');
  await ask(walker, shoot, 'Plan a session', 'Title', 'plan');
  await enter(walker, shoot, 'Hosts', 'hosts');
  await leave(walker);
  await enter(walker, shoot, 'Approvers', 'approvers');
  await leave(walker);
  await ask(walker, shoot, 'Rename', 'New name', 'rename');
  await leave(walker);
  await ask(walker, shoot, 'New group', 'Name of the group', 'group-new');
  await leave(walker);

  await enter(walker, shoot, 'Sessions that are open', 'sessions-open');
  await enter(walker, shoot, 'open', 'session');
  await tourRoll(walker, shoot);
  await leave(walker);
  await leave(walker);
  await enter(walker, shoot, 'All sessions', 'sessions');
  await leave(walker);

  await enter(walker, shoot, 'People', 'people');
  await ask(walker, shoot, 'Search', 'Beginnings of words', 'people-search');
  await enter(walker, shoot, 'Everybody', 'people-everybody');
  await enter(walker, shoot, '007', 'person');
  await tell(walker, shoot, 'Show', 'person-details');
  await tell(walker, shoot, 'Attendance', 'person-attendance');
  await tell(walker, shoot, 'What was done', 'person-history');
  await ask(walker, shoot, 'Change', 'Number', 'person-change');
  await ask(walker, shoot, 'Give a PIN', 'PIN of', 'person-pin');
  await enter(walker, shoot, 'Roles', 'roles');
  await leave(walker);
  await walker.choose('Is the same');
  await walker.asked('Who stays');
  await shoot('merge');
  await walker.answer('Who stays', 'turing');
  await walker.ready();
  await shoot('merge-who');
  await enter(walker, shoot, '008', 'merge-fields');
  await ask(walker, shoot, 'Make the two one', 'Make the two one?', 'merge-preview');
  await leave(walker);
  await ask(walker, shoot, 'Place a legal hold', 'Why must', 'hold');
  await ask(walker, shoot, 'Erase', 'Type the name', 'erase');
  await leave(walker);
  await leave(walker);
  await ask(walker, shoot, 'Add a person', 'Number', 'person-add');
  await leave(walker);

  await enter(walker, shoot, 'Shared terminals', 'terminals');
  await ask(walker, shoot, 'Pair a terminal', 'Where does', 'terminal-pair');
  await leave(walker);
  await enter(walker, shoot, 'Backups', 'backups');
  await tell(walker, shoot, 'How they stand', 'backups-state');
  await tell(walker, shoot, 'Those in the folder', 'backups-list');
  await leave(walker);
  await enter(walker, shoot, 'Audit', 'audit');
  await enter(walker, shoot, 'Show', 'audit-acts');
  await tell(walker, shoot, '2', 'audit-act');
  await leave(walker);
  await enter(walker, shoot, 'Only of one kind', 'audit-kind');
  await leave(walker);
  await ask(walker, shoot, 'Only some days', 'From', 'audit-days');
  await leave(walker);
}

async function tourRoll(walker: Walker, shoot: Shoot): Promise<void> {
  const { terminal } = walker;
  if (walker.linear) {
    await ask(walker, shoot, 'Take the roll', 'Number and mark', 'roll');
    return;
  }
  await walker.choose('Take the roll');
  await terminal.shows(/^> /m);
  await shoot('roll');
  for (const [key, name, text] of [
    ['p', 'roll-marked', 'present. u takes'],
    ['u', 'roll-undone', 'taken back'],
    ['/li', 'roll-find', 'Find: li_'],
    [keys.escape, 'roll-all', 'p l a'],
    ['rbus', 'roll-reason', 'Reason: bus_'],
    [keys.escape, 'roll-no-reason', 'p l a'],
    ['c', 'roll-closing', 'c again'],
  ] as const) {
    terminal.type(key);
    await terminal.shows(text.startsWith('p l') ? /^(p l a|plae)/m : text);
    await shoot(name);
  }
  terminal.type('q');
}

/** A menu behind a line of the one that is open. */
async function enter(walker: Walker, shoot: Shoot, label: string, name: string): Promise<void> {
  await walker.choose(label);
  await walker.ready();
  await shoot(name);
}

const leave = (walker: Walker): Promise<void> => walker.back();

/** A question, and a step back from it. */
async function ask(
  walker: Walker,
  shoot: Shoot,
  label: string,
  question: string,
  name: string,
): Promise<void> {
  await walker.choose(label);
  await walker.asked(question);
  await shoot(name);
  walker.terminal.type(keys.stop);
}

/** A text, after which the same menu is there again. */
async function tell(walker: Walker, shoot: Shoot, label: string, name: string): Promise<void> {
  await walker.choose(label);
  await walker.ready();
  await shoot(name);
}

/** Goes through every screen of somebody with an account and no other role. */
export async function tourAttendee(walker: Walker, shoot: Shoot): Promise<void> {
  await walker.ready();
  await shoot('attendee-home');
  await tell(walker, shoot, 'My details', 'attendee-details');
  await tell(walker, shoot, 'My attendance', 'attendee-attendance');
  await ask(walker, shoot, 'Check in', 'Number', 'attendee-check-in');
  await enter(walker, shoot, 'My account', 'attendee-account');
  await ask(walker, shoot, 'Change my password', 'The password', 'attendee-password');
  await ask(walker, shoot, 'PIN for terminals', 'Your password', 'attendee-pin');
  await enter(walker, shoot, 'Where I am signed in', 'attendee-sign-ins');
  await leave(walker);
  await tell(walker, shoot, 'My sign-ins', 'attendee-sign-in-history');
  await leave(walker);
}
