import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase32, encodeBase32, encodeBytes, normaliseBase32 } from './base32.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const written = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 10 });

test('a number comes back from its characters', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 - 1 }), (number) => {
      const text = encodeBase32(BigInt(number), 10);
      expect(text).toHaveLength(10);
      expect(decodeBase32(text)).toBe(number);
    }),
  );
});

test('characters come back from their number', () => {
  fc.assert(
    fc.property(written, (text) => {
      expect(encodeBase32(BigInt(decodeBase32(text) ?? -1), text.length)).toBe(text);
    }),
  );
});

test('too short a text holds the lowest bits', () => {
  expect(encodeBase32(32n * 5n + 31n, 1)).toBe('Z');
  expect(encodeBase32(1n << 20n, 4)).toBe('0000');
});

test('numbers of one length sort as their texts', () => {
  const number = fc.integer({ min: 0, max: 2 ** 45 - 1 });
  fc.assert(
    fc.property(number, number, (left, right) => {
      const [first, second] = [left, right].map((value) => encodeBase32(BigInt(value), 9));
      expect((first as string) < (second as string)).toBe(left < right);
    }),
  );
});

test('bytes give their first bits, five to a character', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 32 }), fc.nat(51), (bytes, wish) => {
      const length = Math.min(wish, Math.floor((bytes.length * 8) / 5));
      let bits = 0n;
      for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
      const first = bits >> BigInt(bytes.length * 8 - length * 5);
      expect(encodeBytes(bytes, length)).toBe(encodeBase32(first, length));
    }),
  );
});

test.each(['I', 'L', 'O', 'U', 'a', '-', ' ', 'É', '😀'])('%j is no character of it', (odd) => {
  expect(decodeBase32(`A${odd}1`)).toBeUndefined();
});

test('what a hurried person typed reads as it was shown', () => {
  const slip = fc.record({
    lower: fc.boolean(),
    other: fc.nat(1),
    gap: fc.constantFrom('', ' ', '-'),
  });
  fc.assert(
    fc.property(written, fc.array(slip, { minLength: 10, maxLength: 10 }), (text, slips) => {
      const typed = [...text].map((character, index) => {
        const { lower, other, gap } = slips[index] ?? { lower: false, other: 0, gap: '' };
        const alike = { '0': 'OO', '1': 'IL' }[character]?.[other] ?? character;
        return gap + (lower ? alike.toLowerCase() : alike);
      });
      expect(normaliseBase32(typed.join(''))).toBe(text);
    }),
  );
});

test('what reads well once reads the same again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = normaliseBase32(text);
      expect(normaliseBase32(once)).toBe(once);
    }),
  );
});
