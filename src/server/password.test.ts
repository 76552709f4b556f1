import { describe, expect, test } from 'vitest';
import { checkPassword } from './password.ts';

const words = ['Hillside School', 'Amara Okafor', 'amara.okafor@hillside.example'];
const check = async (password: string) => {
  const checked = await checkPassword(password, words);
  return checked.ok ? 'ok' : checked.code;
};

describe('a new password', () => {
  test.each(['', 'short', 'Xk93vmQ2p', '🔑🔑🔑🔑🔑'])('%s is too short', async (password) => {
    expect(await check(password)).toBe('password-short');
  });

  test.each([
    'qwertyuiop',
    '1234567890',
    'Password123',
    'password1234',
    'P@ssw0rd2024!',
    'sunshine2024!',
    '2024sunshine!',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'abcdefghijkl',
    'qwertyuiop1234',
    'ｐａｓｓｗｏｒｄ１２３４',
  ])('%s is too common', async (password) => {
    expect(await check(password)).toBe('password-common');
  });

  test.each([
    'hillsideschool',
    'Hillside2024!',
    'AmaraOkafor1',
    'okafor-amara-1',
    'amara.okafor@hillside.example',
  ])('%s is made of own words', async (password) => {
    expect(await check(password)).toBe('password-common');
  });

  test.each([
    'correct horse battery',
    'three green boats drift',
    'my school has a red door',
    'hillside has seven old trees',
    'xK9$vm2!pQ',
    'пароль из трёх слов',
  ])('%s passes', async (password) => {
    expect(await check(password)).toBe('ok');
  });

  test('of more than 1,000 characters is refused', async () => {
    expect(await check('word '.repeat(201))).toBe('too-large');
  });
});
