/**
 * Crockford's base32: digits and capital letters without I, L, O and U, so that a code survives being
 * read aloud or typed by hand. Every character is in the alphanumeric set of a QR code (ISO/IEC 18004).
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The lowest `5 * length` bits of `bits`, most significant first. */
export function encodeBase32(bits: bigint, length: number): string {
  let text = '';
  for (let index = length - 1; index >= 0; index -= 1) {
    text += alphabet[Number((bits >> BigInt(index * 5)) & 31n)];
  }
  return text;
}

/** The first `5 * length` bits of `bytes` (at least that many must be there). */
export function encodeBytes(bytes: Uint8Array, length: number): string {
  let text = '';
  let held = 0;
  let count = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    count += 8;
    while (count >= 5 && text.length < length) {
      count -= 5;
      text += alphabet[(held >> count) & 31];
    }
    held &= (1 << count) - 1;
  }
  return text;
}

/** The number that `text` spells, or undefined where a character is not of the alphabet. */
export function decodeBase32(text: string): number | undefined {
  let value = 0;
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return undefined;
    value = value * 32 + digit;
  }
  return value;
}

/** What a hurried person typed, as the alphabet has it: case, spaces, dashes, and O/I/L read as 0/1/1. */
export function normaliseBase32(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}
