import { type Refusal, refuse } from './refusal.ts';

const numberMaxLength = 32;
const nameMaxLength = 120;

/** Control characters, bidirectional overrides and isolates, zero-width and other invisible format characters. */
const invisible =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * A person's number (roll, student or staff number) as it is kept: leading zeros and letters stay, inner spaces
 * go, letters are capital, compatibility forms such as full-width digits become plain ones (Unicode NFKC).
 */
export function checkNumber(raw: string): { ok: true; number: string } | Refusal {
  if (raw.length > 200) return refuse('number-malformed', { max: numberMaxLength });
  const plain = raw.normalize('NFKC').replace(invisible, '').replace(/\s+/gu, '').toUpperCase();
  // what was taken out, and capitals, can leave a letter apart from its accent
  const number = plain.normalize('NFKC');
  if (number === '') return refuse('number-missing');
  if (
    number.length > numberMaxLength ||
    !/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}./_-]*$/u.test(number)
  ) {
    return refuse('number-malformed', { max: numberMaxLength });
  }
  return { ok: true, number };
}

/** Text as one line that shows all it holds: nothing in it moves a cursor, turns the direction or hides. */
export const oneLine = (raw: string): string =>
  raw.replace(/\s+/gu, ' ').replace(invisible, '').replace(/ +/g, ' ').trim().normalize('NFC');

/**
 * A name in any script as it is kept: Unicode NFC, one space between words, no control or direction-changing
 * characters. Joiners (ZWJ, ZWNJ) stay: several scripts need them.
 */
export function checkName(raw: string): { ok: true; name: string } | Refusal {
  if (raw.length > 4 * nameMaxLength) return refuse('name-malformed', { max: nameMaxLength });
  const name = oneLine(raw);
  if (name === '') return refuse('name-missing');
  if (name.length > nameMaxLength) return refuse('name-malformed', { max: nameMaxLength });
  return { ok: true, name };
}

/** An e-mail address as it is kept and compared: trimmed, lower case. Only its shape is checked. */
export function checkEmail(raw: string): { ok: true; email: string } | Refusal {
  const email = raw.trim().toLowerCase();
  if (
    email.length > 254 ||
    email.search(invisible) >= 0 ||
    !/^[^\s@<>"',;:\\]+@[^\s@<>"',;:\\]+\.[^\s@<>"',;:\\.]{2,}$/u.test(email)
  ) {
    return refuse('email-malformed');
  }
  return { ok: true, email };
}
