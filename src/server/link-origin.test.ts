import { expect, test } from 'vitest';
import type { App } from './app.ts';
import { linkOrigin } from './link-origin.ts';

const appAt = (publicOrigin: string | null, ...origins: string[]) =>
  ({
    config: { publicOrigin },
    origins: () => origins.map((origin) => ({ origin })),
    secureOrigin: (origin: string) => origin.replace('http:', 'https:'),
  }) as unknown as App;
const here = appAt(null, 'http://192.0.2.7:8080', 'http://localhost:8080', 'http://[::1]:8080');

test.each([
  ['an address of this machine is taken', 'http://192.0.2.7:8080', 'http://192.0.2.7:8080'],
  ['one that others do not reach is not', 'http://localhost:8080', 'https://192.0.2.7:8080'],
  ['nor its number', 'http://127.0.0.1:8080', 'https://192.0.2.7:8080'],
  ['nor that in brackets', 'http://[::1]:8080', 'https://192.0.2.7:8080'],
  ['nor somebody else’s', 'http://evil.example', 'https://192.0.2.7:8080'],
  ['nor what is no address', 'evil', 'https://192.0.2.7:8080'],
  ['nothing claimed', null, 'https://192.0.2.7:8080'],
])('of what a request names for a mailed link, %s', (_what, claimed, expected) => {
  expect(linkOrigin(here, claimed)).toBe(expected);
});

test('a public address goes before everything', () => {
  const app = appAt('https://muster.example', 'http://192.0.2.7:8080');
  expect(linkOrigin(app, 'http://192.0.2.7:8080')).toBe('https://muster.example');
});
