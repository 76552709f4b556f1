import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { permissions, reachOfRole } from '../src/core/permission.ts';

const roles = ['admin', 'auditor', 'host', 'supervisor', 'attendee'] as const;

test('docs/roles.md has the table of permissions as it is', async () => {
  const text = await readFile(join(import.meta.dirname, '../docs/roles.md'), 'utf8');
  const written = text.split('\n').flatMap((line) => {
    const [, name, , ...reaches] = line.split('|').map((cell) => cell.trim());
    return name?.startsWith('`') ? [[name.slice(1, -1), ...reaches.slice(0, roles.length)]] : [];
  });
  const real = (Object.keys(permissions) as (keyof typeof permissions)[]).map((name) => [
    name,
    ...roles.map((role) => reachOfRole(name, role)),
  ]);
  expect(written).toEqual(real);
});
