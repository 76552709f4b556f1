import { expect, test } from 'vitest';
import { checkVersion } from './mariadb-check.ts';

test.each([
  ['10.11.19-MariaDB-0+deb12u1', null],
  ['11.4.2-MariaDB-log', null],
  ['12.0.1-MariaDB', null],
  ['10.6.18-MariaDB', 'MariaDB 10.6.18-MariaDB, which is too old'],
  ['5.5.68-MariaDB', 'MariaDB 5.5.68-MariaDB, which is too old'],
  ['8.0.36', 'not MariaDB (8.0.36)'],
])('of the version %s is told: %s', (version, wrong) => {
  expect(checkVersion(version)).toBe(wrong);
});
