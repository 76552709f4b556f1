import { expect, test } from 'vitest';
import { checkPin, looksLikePin } from './pin.ts';

test('a PIN has six to nine digits that are not one run', () => {
  for (const pin of ['482915', '000001', '112233445']) expect(checkPin(pin).ok, pin).toBe(true);
  for (const pin of ['111111', '234567', '9876543'])
    expect(checkPin(pin), pin).toMatchObject({ code: 'password-common' });
  for (const pin of ['', '48291', '4829153706', '48291x', '４８２９１５'])
    expect(checkPin(pin), pin).toMatchObject({ code: 'password-short' });
});

test('what is no PIN is taken for a password', () => {
  expect([looksLikePin('482915'), looksLikePin('correct-horse')]).toEqual([true, false]);
});
