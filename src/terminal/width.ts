import { stripVTControlCharacters } from 'node:util';

const graphemes = new Intl.Segmenter();
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const nothing = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

/**
 * What would move the cursor or turn the direction of what follows is taken out; the joiners that some scripts need
 * stay.
 */
export const plainText = (text: string): string =>
  text.replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');

/** Columns that a text takes in a terminal; colours take none, East Asian characters two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    if (!nothing.test(segment)) width += wide.test(segment) ? 2 : 1;
  }
  return width;
}

/**
 * The text in exactly `width` columns: filled up with spaces, or cut with an ellipsis. Only for text without colours.
 */
export function intoWidth(raw: string, width: number): string {
  const text = plainText(raw);
  const excess = widthOf(text) - width;
  if (excess <= 0) return text + ' '.repeat(-excess);
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = widthOf(segment);
    if (used + next > width - 1) break;
    cut += segment;
    used += next;
  }
  return `${cut}…${' '.repeat(Math.max(0, width - 1 - used))}`;
}

/** The text in at most `width` columns, cut after a word with an ellipsis; empty where not even one has room. */
export function cutBetweenWords(raw: string, width: number): string {
  const text = plainText(raw);
  if (widthOf(text) <= width) return text;
  const [first = ''] = wrap(text, width - 1);
  return text.startsWith(`${first} `) ? `${first}…` : '';
}

/** Lines of at most `width` columns, indented as the text is, broken between words; a longer word is broken after a slash or hyphen, else anywhere. */
export function wrap(text: string, width: number): string[] {
  const indent = ' '.repeat(text.length - text.trimStart().length);
  if (indent !== '')
    return wrap(text.trimStart(), width - indent.length).map((line) => indent + line);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, width))) {
    const joined = line === '' ? word.text : `${line}${word.glued ? '' : ' '}${word.text}`;
    if (line !== '' && widthOf(joined) > width) {
      lines.push(line);
      line = word.text;
    } else line = joined;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): { text: string; glued: boolean }[] {
  if (widthOf(word) <= width) return [{ text: word, glued: false }];
  const parts = word.match(/[^/\\-]*[/\\-]|[^/\\-]+/g) ?? [word];
  const short = parts.flatMap((part) => broken(part, width));
  return short.map((text, index) => ({ text, glued: index > 0 }));
}

/** Pieces of at most `width` columns, between signs that stand for one. */
function broken(text: string, width: number): string[] {
  const found: string[] = [];
  let piece = '';
  for (const { segment } of graphemes.segment(text)) {
    if (piece !== '' && widthOf(piece) + widthOf(segment) > width) {
      found.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...found, piece];
}

/** Two blocks of lines side by side; the left one is `width` columns wide. */
export function beside(left: readonly string[], width: number, right: readonly string[]): string[] {
  const count = Math.max(left.length, right.length);
  return Array.from({ length: count }, (_, row) => {
    const begin = left[row] ?? '';
    return `${begin}${' '.repeat(Math.max(0, width - widthOf(begin)))}${right[row] ?? ''}`.trimEnd();
  });
}
