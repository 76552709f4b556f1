const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** Letters that decompose into nothing simpler, as people type them. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  þ: 'th',
  ŧ: 't',
  ς: 'σ',
  ё: 'е',
  й: 'и',
};

/** Scripts that write words without a space between: each letter may begin one. */
const unspaced =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])/gu;

/**
 * Text as it is searched: no case, no accents, a space before each word and nothing else between. Both what is
 * searched and what is searched for go through it, so a beginning of words is a part of the folded text.
 */
export function foldText(text: string): string {
  if (isAscii(text)) {
    const words = text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
    return words === '' ? '' : ` ${words}`;
  }
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðħıłŋþŧςёй]/gu, (letter) => plainLetters[letter] ?? letter)
    .replace(unspaced, ' $1')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? '' : ` ${plain}`;
}

/** What joins two parts of one word: `O'Brien` is found as `obrien` too. */
const joint = /(?<=[\p{L}\p{M}\p{N}])['’`´ʼ.\-‐‑/_]+(?=[\p{L}\p{N}])/gu;

/** As `foldText`; words with something inside that joins their parts stand there once more as one. */
export function foldField(text: string): string {
  const folded = foldText(text);
  if (!/[^\p{L}\p{M}\p{N} ]/u.test(text)) return folded;
  const joined = foldText(text.replace(joint, ''));
  return joined === folded || joined === '' ? folded : `${folded}${joined}`;
}

/** The words of a query, folded; each must be found. Empty where there is nothing to look for. */
export function foldQuery(query: string): string[] {
  const words = query.slice(0, 200).split(/\s+/u).map(foldText);
  return [...new Set(words)].filter((word) => word !== '').slice(0, 10);
}
