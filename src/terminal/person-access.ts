import { setRoles } from '../client/role.ts';
import { assignPassword } from '../client/sign-in.ts';
import { givePin } from '../client/terminal.ts';
import { type Role, roles } from '../core/account.wire.ts';
import type { PersonView } from '../core/people.wire.ts';
import { granted, type Place, runMenu } from './place.ts';

const roleTexts: Readonly<Record<Exclude<Role, 'attendee'>, string>> = {
  admin: 'Administrator: everything',
  host: 'Host: their own groups',
  supervisor: 'Approver: sees and settles in their groups',
  auditor: 'Auditor: reads, changes nothing',
};

/** A new password, on the screen this once. */
export async function giveAPassword(place: Place, { person, name }: PersonView): Promise<void> {
  const { dialogue, visit } = place;
  const { password } = granted(place, await assignPassword(visit.send, person));
  dialogue.say(
    `Password of ${name}: ${password}`,
    'It is not shown again, and has to be changed at the first sign-in.',
  );
}

export async function giveAPin(place: Place, { person }: PersonView): Promise<void> {
  const { dialogue, visit } = place;
  const typed = await dialogue.askSecret('PIN of 6 to 9 digits, or none');
  const pin = typed.trim().toLowerCase() === 'none' ? null : typed;
  granted(place, await givePin(visit.send, person, pin));
  dialogue.say(pin === null ? 'The PIN is taken away.' : 'The PIN counts from now on.');
}

/** Each line gives a role or takes it away, at once. */
export function changeRoles(
  place: Place,
  { person, name, roles: first }: PersonView,
): Promise<void> {
  const { dialogue, visit } = place;
  let held: ReadonlySet<Role> = new Set(first);
  return runMenu(
    place,
    () => `Roles of ${name} (choose one to change it)`,
    () =>
      roles
        .filter((role) => role !== 'attendee')
        .map((role) => ({
          label: `${held.has(role) ? '[x]' : '[ ]'} ${roleTexts[role]}`,
          run: async () => {
            const next = new Set(held);
            if (!next.delete(role)) next.add(role);
            granted(place, await setRoles(visit.send, person, [...next]));
            held = next;
            dialogue.say(`${name} is ${next.has(role) ? 'now' : 'no longer'} ${role}.`);
          },
        })),
  );
}
