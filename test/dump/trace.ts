// Looks for values in the bytes of a dump, in every form in which somebody could read them.
import { createHash } from 'node:crypto';

/** Shorter words turn up in random bytes by chance. */
const shortest = 5;

/**
 * The values of which a trace can be read in a dump: the text itself, its longer words, composed or not, small or
 * large, as UTF-8 or UTF-16, plain, in hex or base64, escaped as JSON, addresses, forms and pages escape.
 * @param hashes looks for hashes without a key too, against which anybody can try values that can be guessed
 */
export function findTraces(
  dump: Buffer,
  values: readonly string[],
  { hashes = true } = {},
): string[] {
  const needles = new Map<number, { bytes: Buffer; value: string }[]>();
  for (const value of new Set(values)) {
    for (const bytes of tracesOf(value, hashes)) {
      const start = bytes.readUInt32LE(0);
      const list = needles.get(start) ?? [];
      list.push({ bytes, value });
      needles.set(start, list);
    }
  }
  const found = new Set<string>();
  for (let at = 0; at + 4 <= dump.length; at += 1) {
    for (const { bytes, value } of needles.get(dump.readUInt32LE(at)) ?? []) {
      if (dump.subarray(at, at + bytes.length).equals(bytes)) found.add(value);
    }
  }
  return [...found].sort();
}

function tracesOf(value: string, withHashes: boolean): Buffer[] {
  const words = value.split(/[\s@]+/).filter((word) => word.length >= shortest);
  const texts = [value, ...words].flatMap((text) => [
    text,
    text.normalize('NFD'),
    text.toLowerCase(),
    text.toUpperCase(),
  ]);
  const plain = [...new Set([...texts, ...[value, ...words].flatMap(escaped)])].flatMap((text) => [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
  ]);
  const names = withHashes ? ['md5', 'sha1', 'sha256'] : [];
  const hashes = names.map((name) => createHash(name).update(value).digest());
  return [...plain, ...hashes].flatMap((bytes) => [bytes, ...hexOf(bytes), ...base64Of(bytes)]);
}

/** As it stands in an address, in a form, in JSON with and without letters of other scripts, and in a page. */
function escaped(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [
    encodeURIComponent(text),
    new URLSearchParams({ text }).toString().slice('text='.length),
    json,
    json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    text.replaceAll(/[^ -~]|[<>&"']/gu, (character) => `&#${character.codePointAt(0)};`),
  ];
}

function hexOf(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  return [Buffer.from(hex), Buffer.from(hex.toUpperCase())];
}

/** What stands in base64 wherever the bytes begin in what was encoded; both alphabets. */
function base64Of(bytes: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    const inside = text.slice(first, last);
    return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')].map((found) =>
      Buffer.from(found),
    );
  });
}
