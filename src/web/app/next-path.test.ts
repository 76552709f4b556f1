import { expect, test } from 'vitest';
import { checkNextPath } from './next-path.ts';

test.each([
  ['/app/groups/1', '/app/groups/1'],
  ['/app/sessions?state=open', '/app/sessions?state=open'],
  ['/app/', '/app/'],
])('%s is a path of these pages', (next, path) => {
  expect(checkNextPath(next)).toBe(path);
});

test.each([
  undefined,
  '',
  '/',
  '/api/sign-out',
  '//evil.example/app/',
  '/\\evil.example/app/',
  '/app/\\evil.example',
  'https://evil.example/app/',
  'javascript:alert(1)',
  '/application/',
  '/app/../api/me',
  '/app/%2e%2e/api/me',
  '/app/\n//evil.example',
  '/app/sign-in?next=/app/sign-in',
])('%s leads to the start page', (next) => {
  expect(checkNextPath(next)).toBe('/app/');
});
