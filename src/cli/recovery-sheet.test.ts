import { expect, test } from 'vitest';
import { encodeRecovery } from '../core/recovery.ts';
import { readSheet } from './recovery-sheet.ts';

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
