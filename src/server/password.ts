import { type Refusal, refuse } from '../core/refusal.ts';

export const passwordMinLength = 10;
const passwordMaxLength = 1_000;
/** What must be left of a password when its guessable word is taken away. */
const restMinLength = 8;
/** Shorter pieces of names stand in too many good passwords. */
const ownWordMinLength = 4;

/**
 * One form for what different keyboards send for the same password (Unicode NFKC, as NIST SP 800-63B advises);
 * nothing is trimmed or cut.
 */
export const plainPassword = (password: string): string => password.normalize('NFKC');

/**
 * Whether a new password may be used: long enough, not among the passwords that attackers try first, and not made of
 * the organisation's or the person's own words with a few characters added.
 * @param words names and addresses that guessers would try: of the organisation, of the person
 */
export async function checkPassword(
  password: string,
  words: readonly (string | null)[],
): Promise<{ ok: true } | Refusal> {
  const text = plainPassword(password);
  const length = [...text].length;
  if (length > passwordMaxLength) return refuse('too-large', { max: passwordMaxLength });
  if (length < passwordMinLength) return refuse('password-short', { min: passwordMinLength });
  const common = await loadCommon();
  const guess = text.toLowerCase();
  if (isRun(guess) || isGuessable(guess, common)) return refuse('password-common');
  let rest = guess;
  for (const word of ownWords(words)) rest = rest.replaceAll(word, '');
  if (rest !== guess && isRestGuessable(rest, common)) return refuse('password-common');
  return { ok: true };
}

/** A common password, plain or spelt with digits and signs, or one with little around it. */
function isGuessable(text: string, common: ReadonlySet<string>): boolean {
  for (const spelling of [text, unleet(text)]) {
    const root = spelling.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
    if (common.has(spelling)) return true;
    if (common.has(root) && isRestGuessable(text.replace(root, ''), common)) return true;
  }
  return false;
}

const isRestGuessable = (rest: string, common: ReadonlySet<string>): boolean =>
  [...rest].length < restMinLength || common.has(rest) || isRun(rest);

const signs: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const unleet = (text: string): string =>
  text.replace(/[013457@$!]/g, (sign) => signs[sign] ?? sign);

/** A piece of at most four characters over and over, or characters in their order, such as `abcdefghij`. */
function isRun(text: string): boolean {
  if (/^(.{1,4}?)\1+.{0,3}$/su.test(text)) return true;
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  const odd = steps.filter((step) => step !== steps[0]).length;
  return Math.abs(steps[0] ?? 0) === 1 && odd <= 2;
}

/** Longest first, so that a whole name goes before its parts. */
function ownWords(words: readonly (string | null)[]): string[] {
  const own = new Set<string>();
  for (const word of words) {
    const text = plainPassword(word ?? '').toLowerCase();
    const parts = [text, text.replace(/\s+/gu, ''), ...text.split(/[^\p{L}\p{M}\p{N}]+/u)];
    for (const part of parts) if ([...part].length >= ownWordMinLength) own.add(part);
  }
  return [...own].sort((left, right) => right.length - left.length);
}

let common: Promise<ReadonlySet<string>> | null = null;

/** The 49,000 most common passwords, read at the first use: about 20 ms and 10 MB. */
function loadCommon(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common']),
  );
  return common;
}
