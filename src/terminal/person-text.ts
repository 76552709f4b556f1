import type { AttendanceLine, PersonAttendance, PersonView } from '../core/people.wire.ts';
import type { Rate } from '../core/rate.ts';
import { signOf } from './roll-people.ts';
import { dayAndTime } from './when.ts';

/** Everything that is kept of a person, a line each; what is empty is left out. */
export function describePerson(person: PersonView): string[] {
  const { number, name, email, contact, address, birthDate, job, department, own } = person;
  const fields: readonly (readonly [string, string | null])[] = [
    ['Number', number],
    ['Name', name],
    ['E-mail', email],
    ['Contact', contact],
    ['Address', address],
    ['Birth date', birthDate],
    ['Job', job],
    ['Department', department],
    ...Object.entries(own),
    ['Roles', person.roles.join(', ') || null],
    ['State', person.state === 'active' ? null : person.state],
  ];
  return [
    ...fields.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : [])),
    ...person.groups.map(
      ({ name: group, from, until, rate }) =>
        `In ${group} from ${from}${until ? ` until ${until}` : ''}${percent(rate)}`,
    ),
  ];
}

/** Sessions with dates, the newest first. */
export function describeAttendance({ rate, sessions }: PersonAttendance, zone: string): string[] {
  if (sessions.length === 0) return ['There is no session yet.'];
  return [`Attendance${percent(rate)}`, ...sessions.map((line) => describeLine(line, zone))];
}

function describeLine({ title, group, startsAt, ...line }: AttendanceLine, zone: string): string {
  const { status, pending, minutesLate, how } = line;
  const late = minutesLate > 0 ? ` (+${minutesLate} min)` : '';
  const by = how === null ? '' : `, ${how}`;
  const name = title || group?.name || 'Attendance';
  return `${signOf({ status, pending })} ${dayAndTime(startsAt, zone)} ${name}${late}${by}`;
}

const percent = ({ rate }: Rate): string => (rate === null ? '' : `, ${Math.round(rate * 100)} %`);
