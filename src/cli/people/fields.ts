import type { WholePersonChange } from '../../core/people.wire.ts';
import type { Flags } from '../description.ts';
import { Misused } from '../failure.ts';

/** What is kept of a person, a flag each. */
export const fields = {
  number: { type: 'string', value: 'NUMBER', text: 'roll, student or staff number' },
  name: { type: 'string', value: 'NAME', text: 'in any script' },
  email: { type: 'string', value: 'ADDRESS', text: 'e-mail address' },
  contact: { type: 'string', value: 'TEXT', text: 'such as a telephone number' },
  address: { type: 'string', value: 'TEXT', text: 'postal address' },
  'birth-date': { type: 'string', value: 'YYYY-MM-DD', text: 'day of birth' },
  job: { type: 'string', value: 'TEXT', text: 'what they do' },
  department: { type: 'string', value: 'TEXT', text: 'where they belong' },
  own: {
    type: 'string',
    multiple: true,
    value: 'ID=TEXT',
    text: 'a field of the organisation’s own, by its id (may be repeated)',
  },
} as const satisfies Flags;

type FieldValues = Readonly<Partial<Record<Exclude<keyof typeof fields, 'own'>, string>>> & {
  readonly own?: readonly string[];
};

/**
 * The fields that were given, as the server takes them.
 * @throws Misused for an own field that is written wrongly
 */
export function readFields({
  'birth-date': birthDate,
  own,
  ...rest
}: FieldValues): WholePersonChange {
  const known = Object.keys(fields).filter((name) => name in rest) as (keyof typeof rest)[];
  return {
    ...Object.fromEntries(known.map((name) => [name, rest[name]])),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(own === undefined ? {} : { own: Object.fromEntries(own.map(readOwn)) }),
  };
}

function readOwn(text: string): [id: string, text: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Misused(`--own takes ID=TEXT, not "${text}".`);
  return [text.slice(0, at), text.slice(at + 1)];
}
