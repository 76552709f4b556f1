import { combine, split } from 'shamir-secret-sharing';
import { decodeRecovery, encodeRecovery } from '../core/recovery.ts';
import type { RecoveredKey } from './recovery-sheet.ts';

/** One part of a key: with as many of them as were asked for the key comes back; fewer say nothing about it. */
export interface KeyPart {
  readonly label: string;
  /** Which part it is, 1 to 255, and its value; `shamir-secret-sharing` writes it as the last byte. */
  readonly at: number;
  readonly value: Uint8Array;
}

const linesPerKey = 4;
const mostParts = 255;
const mostEpochs = 100;

const labelOf = (at: number, label: string) => `share/${at}/${label}`;
const nameOf = (epoch: number | null) => (epoch === null ? 'master' : `epoch-${epoch}`);

/** Splits keys into as many shares, each the printable lines of one part of every key. */
export async function splitKeys(
  keys: readonly RecoveredKey[],
  shares: number,
  threshold: number,
): Promise<string[][]> {
  const sheets: string[][] = Array.from({ length: shares }, () => []);
  for (const { epoch, key } of keys) {
    const parts = await split(new Uint8Array(key), shares, threshold);
    for (const [index, part] of parts.entries()) {
      const at = part.at(-1) ?? 0;
      const label = nameOf(epoch);
      sheets[index]?.push(`${label}:`, ...encodeRecovery(labelOf(at, label), part.slice(0, -1)));
    }
  }
  return sheets;
}

/** The part of a key that these lines are, or null. */
function readPart(lines: readonly string[]): KeyPart | null {
  const whole = decodeRecovery('', lines);
  if (whole.ok || whole.line !== null) return null;
  for (let epoch = 0; epoch <= mostEpochs; epoch += 1) {
    const label = nameOf(epoch === 0 ? null : epoch);
    for (let at = 1; at <= mostParts; at += 1) {
      const found = decodeRecovery(labelOf(at, label), lines);
      if (found.ok) return { label, at, value: found.key };
    }
  }
  return null;
}

/**
 * The keys behind the lines of several shares. That there were enough, and all of one splitting, shows only when a key
 * opens something.
 * @param lines of keys, in fours
 * @returns null where a block is no part of a key
 */
export async function joinParts(lines: readonly string[]): Promise<RecoveredKey[] | null> {
  const parts = new Map<string, Map<number, Uint8Array>>();
  for (let start = 0; start < lines.length; start += linesPerKey) {
    const part = readPart(lines.slice(start, start + linesPerKey));
    if (!part) return null;
    const known = parts.get(part.label) ?? new Map<number, Uint8Array>();
    parts.set(part.label, known.set(part.at, part.value));
  }
  const keys: RecoveredKey[] = [];
  for (const [label, values] of parts) {
    if (values.size < 2) return null;
    const key = await combine([...values].map(([at, value]) => Uint8Array.from([...value, at])));
    const epoch = label === 'master' ? null : Number(label.slice('epoch-'.length));
    keys.push({ epoch, key });
  }
  return keys;
}
