import type { AuditLine, AuditPerson } from '../core/audit.wire.ts';
import { eventWord } from '../core/event-word.ts';
import { dayAndTime } from './when.ts';

const programs: Readonly<Record<string, string>> = {
  phone: 'a phone',
  job: 'the clock',
  operator: 'the operator',
};

const nameOf = ({ id, name }: AuditPerson): string =>
  name ?? programs[id] ?? 'a person without a name';

/** `2026-11-23 09:02 Roles changed: Ada Admin, about Alan Turing` */
export function describeAct({ at, type, actor, subject }: AuditLine, zone: string): string {
  const about = subject === null || subject.id === actor.id ? '' : `, about ${nameOf(subject)}`;
  return `${dayAndTime(at, zone)} ${eventWord(type)}: ${nameOf(actor)}${about}`;
}

/** All of an event, a line each. */
export function describeDetails(act: AuditLine, zone: string): string[] {
  const { type, actor, subject, device, address, stream, seq, facts, data, closed } = act;
  const from = [device, address].filter((part) => part !== null).join(', ');
  return [
    `${eventWord(type)}, ${dayAndTime(act.at, zone)}`,
    `By ${nameOf(actor)}`,
    ...(subject ? [`About ${nameOf(subject)}`] : []),
    ...(from === '' ? [] : [`From ${from}`]),
    ...Object.entries({ ...facts, ...data }).map(([key, value]) => `${key}: ${textOf(value)}`),
    ...(closed
      ? ['What lay sealed here cannot be opened: its key is gone, or it is damaged.']
      : []),
    `Event ${seq} of ${stream}`,
  ];
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
