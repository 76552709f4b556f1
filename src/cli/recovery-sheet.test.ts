import { expect, test } from 'vitest';
import { encodeRecovery } from '../core/recovery.ts';
import { isRight, readSheet } from './recovery-sheet.ts';

const master = new Uint8Array(32).fill(3);
const epoch = new Uint8Array(32).fill(9);
const sheet = [
  ...encodeRecovery('master', master),
  '',
  'Epoch 7',
  ...encodeRecovery('epoch-7', epoch),
];

test('reads all keys of a sheet, whatever case and spaces they were typed with', () => {
  const typed = sheet.map((line, index) =>
    index % 2 ? line.toLowerCase() : line.replaceAll(' ', '  '),
  );
  expect(readSheet(typed)).toEqual({
    ok: true,
    keys: [
      { epoch: null, key: master },
      { epoch: 7, key: epoch },
    ],
  });
});

test('names the line with a typing error', () => {
  const typed = sheet.with(
    2,
    sheet[2]?.replace(/^./, (first) => (first === '7' ? '8' : '7')) ?? '',
  );
  expect(readSheet(typed)).toMatchObject({
    ok: false,
    sentence: expect.stringMatching(/^Line 3 /),
  });
  expect(readSheet(sheet.slice(0, 3))).toMatchObject({
    ok: false,
    sentence: expect.stringMatching(/^Line 4 /),
  });
});

test('judges each line as it is typed, after those before it', () => {
  for (const [index, line] of sheet.entries()) {
    const isLine = line !== '' && line !== 'Epoch 7';
    expect(isRight(sheet.slice(0, index), line.toLowerCase())).toBe(isLine ? true : null);
  }
  const [first = '', second = ''] = sheet;
  expect(isRight([], second)).toBe(false);
  expect(isRight([first], first)).toBe(false);
  expect(isRight([], first.slice(0, -1))).toBe(false);
  expect(isRight([], `${first}0`)).toBe(false);
  expect(isRight([], 'Key 1 of the people')).toBeNull();
});
