import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { decodeBase32, encodeBytes, normaliseBase32 } from './base32.ts';

/**
 * A 32-byte key on paper: four lines of four groups of four base32 characters, and a fifth group on each line that
 * checks it. The lines carry the key and 8 bytes of a digest over key and label, so that lines of two
 * sheets, or of two keys of one sheet, do not pass for a key.
 */
const keyBytes = 32;
const lineBytes = 10;
const lineCount = 4;
const groupLength = 4;
const groupsPerLine = 4;
const lineLength = (groupsPerLine + 1) * groupLength;
const groupBits = 20;

const digest = (label: string, bytes: Uint8Array): Uint8Array =>
  sha256(new Uint8Array([...utf8ToBytes(`muster/recovery/${label}\n`), ...bytes]));

const checkGroup = (line: number, data: string): string =>
  encodeBytes(sha256(utf8ToBytes(`muster/recovery-line/${line}/${data}`)), groupLength);

/**
 * The printable lines of a key.
 * @param label which key it is, such as `master`
 * @param key 32 bytes
 */
export function encodeRecovery(label: string, key: Uint8Array): string[] {
  if (key.length !== keyBytes) throw new Error(`a key has ${keyBytes} bytes, not ${key.length}`);
  const bytes = new Uint8Array(lineCount * lineBytes);
  bytes.set(key);
  bytes.set(digest(label, key).subarray(0, bytes.length - keyBytes), keyBytes);
  return Array.from({ length: lineCount }, (_, line) => {
    const data = encodeBytes(
      bytes.subarray(line * lineBytes, (line + 1) * lineBytes),
      groupsPerLine * groupLength,
    );
    return (data + checkGroup(line, data)).replace(/.{4}(?=.)/g, '$& ');
  });
}

/**
 * The key that somebody typed from a sheet; case, spaces and dashes do not matter, empty lines are left out.
 * @returns where it is wrong: `line` counts from 1, null where every line is right by itself but they do not belong
 * together or to this label
 */
export function decodeRecovery(
  label: string,
  typed: readonly string[],
): { ok: true; key: Uint8Array } | { ok: false; line: number | null } {
  const lines = typed.map(normaliseBase32).filter((line) => line !== '');
  const bytes = new Uint8Array(lineCount * lineBytes);
  for (let line = 0; line < lineCount; line += 1) {
    const data = lines[line]?.slice(0, -groupLength) ?? '';
    const decoded = lines[line]?.length === lineLength ? decodeLine(data) : undefined;
    if (!decoded || lines[line] !== data + checkGroup(line, data)) {
      return { ok: false, line: line + 1 };
    }
    bytes.set(decoded, line * lineBytes);
  }
  if (lines.length > lineCount) return { ok: false, line: lineCount + 1 };
  const key = bytes.slice(0, keyBytes);
  const expected = encodeBytes(digest(label, key), 12);
  return encodeBytes(bytes.subarray(keyBytes), 12) === expected
    ? { ok: true, key }
    : { ok: false, line: null };
}

function decodeLine(data: string): Uint8Array | undefined {
  let bits = 0n;
  for (let at = 0; at < data.length; at += groupLength) {
    const group = decodeBase32(data.slice(at, at + groupLength));
    if (group === undefined) return undefined;
    bits = (bits << BigInt(groupBits)) | BigInt(group);
  }
  return Uint8Array.from({ length: lineBytes }, (_, index) =>
    Number((bits >> BigInt(8 * (lineBytes - 1 - index))) & 255n),
  );
}
