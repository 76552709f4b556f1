import type { NewPerson, OwnField, PersonView } from '../../core/people.wire.ts';

/** What a form holds of a person: texts, empty where nothing stands. */
export interface PersonValues {
  readonly number: string;
  readonly name: string;
  readonly email: string;
  readonly contact: string;
  readonly address: string;
  readonly birthDate: string;
  readonly job: string;
  readonly department: string;
  readonly own: Readonly<Record<string, string>>;
}

export function valuesOf(person: PersonView | null): PersonValues {
  return {
    number: person?.number ?? '',
    name: person?.name ?? '',
    email: person?.email ?? '',
    contact: person?.contact ?? '',
    address: person?.address ?? '',
    birthDate: person?.birthDate ?? '',
    job: person?.job ?? '',
    department: person?.department ?? '',
    own: person?.own ?? {},
  };
}

/** As it is sent: what is empty is taken away. */
export function requestOf(values: PersonValues, fields: readonly OwnField[]): NewPerson {
  const { name, own, ...rest } = values;
  const texts = Object.fromEntries(
    Object.entries(rest).map(([field, value]) => [field, value.trim() === '' ? null : value]),
  );
  const ownTexts = Object.fromEntries(fields.map(({ id }) => [id, own[id] ?? '']));
  return { ...texts, name, ...(fields.length > 0 ? { own: ownTexts } : {}) };
}
