import { expect, test } from 'vitest';
import { decodeText } from './file-text.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

test('UTF-8 is read with and without its mark', () => {
  expect(decodeText(new TextEncoder().encode('Zoë,学生'))).toBe('Zoë,学生');
  expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x41))).toBe('A');
});

test('UTF-16 is known by its mark', () => {
  expect(decodeText(bytes(0xff, 0xfe, 0xeb, 0x00))).toBe('ë');
  expect(decodeText(bytes(0xfe, 0xff, 0x00, 0xeb))).toBe('ë');
});

test('what is no UTF-8 is read as the Western code page', () => {
  expect(decodeText(bytes(0x5a, 0x6f, 0xeb))).toBe('Zoë');
});
