import { type PersonDetail, personDetails } from './people.wire.ts';

/** What is known of a person. A detail that is missing was never given, or was taken away. */
export interface Identity extends Partial<Readonly<Record<PersonDetail, string>>> {
  readonly number: string | null;
  readonly name: string;
  readonly email: string | null;
  /** The organisation's own fields, by id. */
  readonly own?: Readonly<Record<string, string>>;
}

/** Identity and nothing else of a wider object; empty details are left out. */
export function tidyIdentity({ number, name, email, own, ...rest }: Identity): Identity {
  const details = personDetails.flatMap((detail) => {
    const text = rest[detail];
    return text ? [[detail, text] as const] : [];
  });
  const fields = Object.entries(own ?? {}).filter(([, text]) => text !== '');
  return {
    number,
    name,
    email,
    ...Object.fromEntries(details),
    ...(fields.length > 0 ? { own: Object.fromEntries(fields) } : {}),
  };
}

/** Every field that holds something, by its name; own fields as `own.ID`. */
export function listFields(identity: Identity): Map<string, string> {
  const { own = {}, ...rest } = tidyIdentity(identity);
  const fields = new Map<string, string>();
  for (const [field, text] of Object.entries(rest)) if (text) fields.set(field, text as string);
  for (const [id, text] of Object.entries(own)) fields.set(`own.${id}`, text);
  return fields;
}

/** What the fields that become other were before, null where they were empty. */
export function listChanged(from: Identity, to: Identity): Record<string, string | null> {
  const before = listFields(from);
  const after = listFields(to);
  const changed: Record<string, string | null> = {};
  for (const field of new Set([...before.keys(), ...after.keys()])) {
    const earlier = before.get(field) ?? null;
    if (earlier !== (after.get(field) ?? null)) changed[field] = earlier;
  }
  return changed;
}
