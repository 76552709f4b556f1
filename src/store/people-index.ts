import { type Identity, listFields } from '../core/identity.ts';
import { foldField } from '../core/search.ts';

/** One person as the index holds them. */
export interface Indexed {
  readonly person: string;
  readonly state: 'active' | 'inactive';
  readonly name: string;
  readonly number: string;
  readonly addedAt: number;
  /** Folded: the name first, then everything else that is searched. */
  readonly text: string;
  readonly nameLength: number;
  /** The folded number alone. */
  readonly foldedNumber: string;
}

/** Folded text of one person at most: fifty long fields must not fill the memory. */
const maxText = 1_500;
/** Between two fields: no query reaches over it. */
const border = '\n';

/** The fields of a person in the order in which they are searched. An address and a date of birth are not. */
function searchedFields(identity: Identity): [field: string, text: string][] {
  const fields = listFields(identity);
  for (const field of ['address', 'birthDate']) fields.delete(field);
  const name = fields.get('name') ?? '';
  fields.delete('name');
  return [['name', name], ...fields];
}

export function indexPerson(
  person: string,
  state: string,
  addedAt: number,
  identity: Identity,
): Indexed {
  const fields = searchedFields(identity).map(([, text]) => foldField(text));
  return {
    person,
    state: state === 'inactive' ? 'inactive' : 'active',
    name: identity.name,
    number: identity.number ?? '',
    addedAt,
    text: fields.join(border).slice(0, maxText),
    nameLength: fields[0]?.length ?? 0,
    foldedNumber: foldField(identity.number ?? ''),
  };
}

/** In which fields the words of a query stand. */
export function listMatched(identity: Identity, words: readonly string[]): string[] {
  return searchedFields(identity).flatMap(([field, text]) => {
    const folded = foldField(text);
    return words.some((word) => folded.includes(word)) ? field : [];
  });
}

/** How well a person matches: 0 is best, null is not at all. */
export function rank(indexed: Indexed, words: readonly string[]): 0 | 1 | 2 | 3 | null {
  let inName = 0;
  for (const word of words) {
    const at = indexed.text.indexOf(word);
    if (at < 0) return null;
    if (at < indexed.nameLength) inName += 1;
  }
  if (words.length === 1 && indexed.foldedNumber === words[0]) return 0;
  if (inName < words.length) return 3;
  return indexed.text.startsWith(words[0] ?? '') ? 1 : 2;
}
