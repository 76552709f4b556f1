import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { PersonId } from '../core/brand.ts';
import { knownDevice, rememberDevice } from './device.ts';
import { describeDevice } from './user-agent.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const key = random.bytes(32);
const people = Array.from({ length: 7 }, (_, index) => `person-${index}` as PersonId);
const [anna, ben] = people as [PersonId, PersonId];

test('a browser is known for the accounts that signed in with it, and for no other', () => {
  const cookie = rememberDevice(key, undefined, anna, random);
  const device = knownDevice(key, cookie, anna);
  expect(device).toHaveLength(16);
  expect(knownDevice(key, cookie, ben)).toBeNull();
  const both = rememberDevice(key, cookie, ben, random);
  expect(knownDevice(key, both, anna)).toBe(device);
  expect(knownDevice(key, both, ben)).toBe(device);
  expect(cookie).not.toContain(anna);
});

test('a cookie of another server, a changed or a senseless one is known for nobody', () => {
  const cookie = rememberDevice(key, undefined, anna, random);
  expect(knownDevice(random.bytes(32), cookie, anna)).toBeNull();
  expect(knownDevice(key, `A${cookie.slice(1)}A`, anna)).toBeNull();
  const other = rememberDevice(key, undefined, ben, random);
  expect(knownDevice(key, other.slice(0, 16) + cookie.slice(16), anna)).toBeNull();
  for (const senseless of [undefined, '', '.', 'x'.repeat(10_000), 'é.é'])
    expect(knownDevice(key, senseless, anna)).toBeNull();
});

test('a shared browser remembers the five latest accounts', () => {
  let cookie: string | undefined;
  for (const person of people) cookie = rememberDevice(key, cookie, person, random);
  expect(people.map((person) => knownDevice(key, cookie, person) !== null)).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
  cookie = rememberDevice(key, cookie, people[2] as PersonId, random);
  expect(cookie.split('.')).toHaveLength(6);
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Firefox, Windows',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Chrome, Linux',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari, macOS',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1',
    'Chrome, iPhone',
  ],
  [undefined, ''],
  ['<script>', ''],
])('%s is shown as %s', (userAgent, expected) => {
  expect(describeDevice(userAgent)).toBe(expected);
});
