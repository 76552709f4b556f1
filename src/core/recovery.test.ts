import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecovery, encodeRecovery } from './recovery.ts';

const key = () => fc.uint8Array({ minLength: 32, maxLength: 32 });
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('a key on paper', () => {
  test('is four lines of five groups', () => {
    const lines = encodeRecovery('master', new Uint8Array(32).fill(7));
    expect(lines).toHaveLength(4);
    for (const line of lines)
      expect(line).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){4}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  test('comes back, however it was typed', () => {
    fc.assert(
      fc.property(key(), fc.boolean(), fc.boolean(), (bytes, lower, dashes) => {
        const typed = encodeRecovery('master', bytes).map((line) => {
          const text = lower ? line.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l') : line;
          return dashes ? ` ${text.replaceAll(' ', '-')} ` : text;
        });
        expect(decodeRecovery('master', ['', ...typed, ' '])).toEqual({ ok: true, key: bytes });
      }),
    );
  });

  test('names the line in which one character is wrong', () => {
    fc.assert(
      fc.property(key(), fc.nat(3), fc.nat(19), fc.nat(30), (bytes, line, place, shift) => {
        const typed = encodeRecovery('master', bytes).map((text) => text.replaceAll(' ', ''));
        const text = typed[line] as string;
        const wrong = alphabet[(alphabet.indexOf(text[place] as string) + 1 + shift) % 32];
        typed[line] = text.slice(0, place) + wrong + text.slice(place + 1);
        expect(decodeRecovery('master', typed)).toEqual({ ok: false, line: line + 1 });
      }),
      // a check group misses one wrong line in a million: always the same lines, so that none is met by chance
      { seed: 7 },
    );
  });

  test('names the first of two lines that changed places, a missing line and one too many', () => {
    const [a, b, c, d] = encodeRecovery(
      'master',
      Uint8Array.from({ length: 32 }, (_, i) => i),
    ) as [string, string, string, string];
    expect(decodeRecovery('master', [a, c, b, d])).toEqual({ ok: false, line: 2 });
    expect(decodeRecovery('master', [a, b, c])).toEqual({ ok: false, line: 4 });
    expect(decodeRecovery('master', [a, b, c, d, a])).toEqual({ ok: false, line: 5 });
    expect(decodeRecovery('master', [])).toEqual({ ok: false, line: 1 });
    expect(decodeRecovery('master', [a, `${b}U`, c, d])).toEqual({ ok: false, line: 2 });
  });

  test('of another sheet or label does not pass', () => {
    fc.assert(
      fc.property(key(), key(), (one, other) => {
        fc.pre(one.some((byte, index) => index < 10 && byte !== other[index]));
        const mixed = [
          ...encodeRecovery('master', one).slice(0, 1),
          ...encodeRecovery('master', other).slice(1),
        ];
        expect(decodeRecovery('master', mixed)).toEqual({ ok: false, line: null });
        expect(decodeRecovery('epoch-1', encodeRecovery('master', one))).toEqual({
          ok: false,
          line: null,
        });
      }),
    );
  });
});
