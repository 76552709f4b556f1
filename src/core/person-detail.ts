import type { LocalDate } from './brand.ts';
import type { Identity } from './identity.ts';
import { type OwnField, type PersonDetail, personDetails } from './people.wire.ts';
import { oneLine } from './person.ts';
import { type Refusal, refuse } from './refusal.ts';
import { readDate } from './roster.ts';

/** Characters of each detail. */
const lengths: Readonly<Record<PersonDetail, number>> = {
  contact: 200,
  address: 400,
  birthDate: 10,
  job: 120,
  department: 120,
};
const ownLength = 400;
const firstYear = '1880-01-01';

/** What is said of a person besides number, name and address; empty text or null takes away. */
export type DetailText = Readonly<Partial<Record<PersonDetail, string | null | undefined>>> & {
  readonly own?: Readonly<Record<string, string>> | undefined;
};

/**
 * The details as they are kept, those that are given. Refuses `birth-date-wrong`, `own-field-wrong`, and
 * `input-invalid` for what is too long; `detail.field` names the field.
 * @param today nobody was born after it
 */
export function checkDetails(
  given: DetailText,
  fields: readonly OwnField[],
  today: LocalDate,
): { ok: true; details: Partial<Identity> } | Refusal {
  const details: Partial<Record<PersonDetail, string>> = {};
  for (const field of personDetails) {
    const raw = given[field];
    if (raw === undefined) continue;
    const checked = checkDetail(field, raw ?? '', today);
    if (!checked.ok) return checked;
    details[field] = checked.text;
  }
  if (given.own === undefined) return { ok: true, details };
  const own: Record<string, string> = {};
  for (const [id, raw] of Object.entries(given.own)) {
    const field = fields.find((candidate) => candidate.id === id);
    const text = field ? checkOwn(field, raw) : null;
    if (text === null) return refuse('own-field-wrong', { field: `own.${id}` });
    own[id] = text;
  }
  return { ok: true, details: { ...details, own } };
}

function checkDetail(
  field: PersonDetail,
  raw: string,
  today: LocalDate,
): { ok: true; text: string } | Refusal {
  const text = oneLine(raw);
  if (text === '') return { ok: true, text };
  if (field === 'birthDate') {
    const date = readDate(text);
    const lived = date && date >= firstYear && date <= today;
    return lived ? { ok: true, text: date } : refuse('birth-date-wrong', { field });
  }
  const max = lengths[field];
  return text.length > max
    ? refuse('input-invalid', { field, problem: 'too_big', max })
    : { ok: true, text };
}

/** A value of an own field as it is kept; null where the field cannot hold it. */
function checkOwn({ type, choices = [] }: OwnField, raw: string): string | null {
  const text = oneLine(raw);
  if (text === '') return '';
  if (text.length > ownLength) return null;
  if (type === 'date') return readDate(text) ?? null;
  if (type === 'number') return checkAmount(text);
  if (type === 'text') return text;
  const same = (choice: string) => choice.toLowerCase() === text.toLowerCase();
  return choices.find(same) ?? null;
}

/** `1,5` and `1.5` are one number; digits as they were typed. */
function checkAmount(text: string): string | null {
  const plain = text.normalize('NFKC').replace(',', '.');
  return /^[+-]?\d{1,15}(\.\d{1,10})?$/.test(plain) ? plain.replace(/^\+/, '') : null;
}

/** Own fields with some of them changed; empty text takes one away. */
export function mergeOwn(
  before: Identity['own'],
  change: Identity['own'],
): Readonly<Record<string, string>> {
  const merged = { ...before, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, text]) => text !== ''));
}

/** Whether two of these fields have one id or one name, or a choice nothing to choose from. */
export function checkOwnFields(fields: readonly OwnField[]): { ok: true } | Refusal {
  const seen = new Set<string>();
  for (const { id, name, type, choices = [] } of fields) {
    const folded = `name:${name.toLowerCase()}`;
    const isEmpty = type === 'choice' && choices.length === 0;
    if (seen.has(id) || seen.has(folded) || isEmpty) {
      return refuse('own-field-wrong', { field: `own.${id}` });
    }
    seen.add(id).add(folded);
  }
  return { ok: true };
}
