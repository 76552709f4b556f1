import type { OwnField } from '../../core/people.wire.ts';
import { en } from '../message/en.ts';
import { type PlainKey, text } from '../message/text.ts';

const isKey = (key: string): key is PlainKey => key in en;

/** What a field of a person is called; fields of the organisation's own are `own.ID`. */
export function fieldLabel(field: string, own: readonly OwnField[]): string {
  const id = field.startsWith('own.') ? field.slice('own.'.length) : null;
  if (id !== null) return own.find((known) => known.id === id)?.name ?? id;
  const key = `people.${field}`;
  return isKey(key) ? text(key) : field;
}
