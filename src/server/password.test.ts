import { describe, expect, test } from 'vitest';
import { isRefusal } from '../core/refusal.ts';
import { checkPassword } from './password.ts';
import { PasswordHashes } from './password-hash.ts';

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

describe('password hashes', () => {
  test('know the right password, in whichever form a keyboard sends it', async () => {
    const hashes = new PasswordHashes();
    const stored = (await hashes.hash('caf\u00e9 au lait noir')) as string;
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashes.verify(stored, 'cafe\u0301 au lait noir')).toBe(true);
    expect(await hashes.verify(stored, 'cafe au lait noir')).toBe(false);
  });

  test('take no password for nobody', async () => {
    expect(await new PasswordHashes().verify(null, 'whatever it may be')).toBe(false);
  });

  test('wait in a bounded queue and refuse beyond it', async () => {
    const hashes = new PasswordHashes();
    const asked = Array.from({ length: 410 }, () => hashes.verify(null, 'x'));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === false)).toHaveLength(402);
    expect(answers.filter((answer) => isRefusal(answer) && answer.code === 'busy')).toHaveLength(8);
    expect(await hashes.verify(null, 'x')).toBe(false);
  }, 60_000);
});
