import type { StreamName } from '../core/brand.ts';
import type { Grown } from './bus.ts';

/** PostgreSQL takes less than 8,000 bytes. */
const maxBytes = 7_900;
const everything = '*';
/** Ids of instances and names of streams: nothing in them needs quoting. */
const name = /^[\w:-]{1,120}$/;

/** One message: which instance speaks, and a line for each stream; an asterisk where they are too many. */
export function encodeMessage(instance: string, grown: Grown): string {
  const text = [instance, ...(grown ?? [everything])].join('\n');
  return Buffer.byteLength(text) <= maxBytes ? text : `${instance}\n${everything}`;
}

/** Null where it is no message of ours: anybody on the same server may send. */
export function decodeMessage(text: string): { instance: string; grown: Grown } | null {
  if (text.length > maxBytes) return null;
  const [instance = '', ...lines] = text.split('\n');
  if (!name.test(instance)) return null;
  if (lines.length === 1 && lines[0] === everything) return { instance, grown: null };
  return lines.every((line) => name.test(line)) ? { instance, grown: lines as StreamName[] } : null;
}
