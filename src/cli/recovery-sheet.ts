import { decodeRecovery } from '../core/recovery.ts';

/** A key of the sheet: the master key, or that of an epoch. */
export interface RecoveredKey {
  readonly epoch: number | null;
  readonly key: Uint8Array;
}

const linesPerKey = 4;
const mostEpochs = 1_000;
/** A line of a key begins with a group of four; headings and notes between the keys do not matter. */
const keyLine = /^\s*(?:[0-9A-Za-z]{4}[\s-]*){5}$/;

/** One group of four too many or a few characters too few: meant as a line of a key. */
const nearlyKeyLine = /^\s*(?:[0-9A-Za-z][\s-]*){17,24}$/;

export const isKeyLine = (line: string): boolean => keyLine.test(line);

/**
 * Whether a line is as it was printed, for whoever types one after the other.
 * @param before the lines before it
 * @returns null for headings and notes
 */
export function isRight(before: readonly string[], line: string): boolean | null {
  if (!isKeyLine(line)) return nearlyKeyLine.test(line) ? false : null;
  const known = before.filter(isKeyLine);
  const block = [...known.slice(known.length - (known.length % linesPerKey)), line];
  const found = decodeRecovery('', block);
  return found.ok || found.line === null || found.line > block.length;
}

/** The keys that somebody typed from a recovery sheet, or what is wrong with them. */
export function readSheet(
  typed: readonly string[],
): { ok: true; keys: RecoveredKey[] } | { ok: false; sentence: string } {
  const lines = typed.filter(isKeyLine);
  const keys: RecoveredKey[] = [];
  for (let start = 0; start < lines.length; start += linesPerKey) {
    const block = lines.slice(start, start + linesPerKey);
    const found = readKey(block);
    if (!found.ok) {
      return {
        ok: false,
        sentence:
          found.line === null
            ? `Lines ${start + 1} to ${start + linesPerKey} do not belong together: are they all of one sheet, or of as many shares as are needed? Nothing was changed.`
            : `Line ${start + found.line} is missing or has a typing error; nothing was changed.`,
      };
    }
    keys.push({ epoch: found.epoch, key: found.key });
  }
  return { ok: true, keys };
}

function readKey(
  block: readonly string[],
): ({ ok: true } & RecoveredKey) | { ok: false; line: number | null } {
  const master = decodeRecovery('master', block);
  if (master.ok) return { ok: true, epoch: null, key: master.key };
  if (master.line !== null) return master;
  for (let epoch = 1; epoch <= mostEpochs; epoch += 1) {
    const found = decodeRecovery(`epoch-${epoch}`, block);
    if (found.ok) return { ok: true, epoch, key: found.key };
  }
  return master;
}
