import { eventWord, factWord } from '../core/event-word.ts';
import type {
  AttendanceLine,
  OwnField,
  PersonAttendance,
  PersonHistory,
  ShownPerson,
} from '../core/people.wire.ts';
import type { Rate } from '../core/rate.ts';
import { signOf } from './roll-people.ts';
import { dayAndTime } from './when.ts';

/** Everything that is kept of a person, a line each; what is empty is left out. `fields`: what the own fields are called. */
export function describePerson(person: ShownPerson, fields: readonly OwnField[] = []): string[] {
  const { number, name, email, contact, address, birthDate, job, department, own } = person;
  const called = new Map(fields.map((field) => [field.id, field.name]));
  const values: readonly (readonly [string, string | null])[] = [
    ['Number', number],
    ['Name', name],
    ['E-mail', email],
    ['Contact', contact],
    ['Address', address],
    ['Birth date', birthDate],
    ['Job', job],
    ['Department', department],
    ...Object.entries(own).map(([id, value]) => [called.get(id) ?? id, value] as const),
    ['Roles', person.roles.join(', ') || null],
    ['State', person.state === 'active' ? null : person.state],
    ['Legal hold', person.held ? 'these data are kept from erasure' : null],
  ];
  return [
    ...values.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : [])),
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
  const sign = pending || status !== null ? signOf({ status, pending }) : '-  ';
  return `${sign} ${dayAndTime(startsAt, zone)} ${name}${late}${by}`;
}

/** A field of a person in words; the organisation's own ones are kept under `own.ID`. */
export const fieldWord = (field: string, own: readonly OwnField[]): string =>
  own.find(({ id }) => field === `own.${id}`)?.name ?? factWord(field);

/** What was done to somebody's data, the newest first. */
export function describeHistory(
  { events }: PersonHistory,
  zone: string,
  fields: readonly OwnField[],
): string[] {
  if (events.length === 0) return ['Nothing was done yet.'];
  return events.flatMap(({ at, type, actor, group, changes, reason }) => [
    `${dayAndTime(at, zone)} ${eventWord(type)} by ${actor.name}${group ? `, ${group.name}` : ''}`,
    ...changes.map(
      ({ field, before, after }) =>
        `  ${fieldWord(field, fields)}: ${before ?? '-'} > ${after ?? '-'}`,
    ),
    ...(reason === null ? [] : [`  because: ${reason}`]),
  ]);
}

const percent = ({ rate }: Rate): string => (rate === null ? '' : `, ${Math.round(rate * 100)} %`);
