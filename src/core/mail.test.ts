import { expect, test } from 'vitest';
import { renderMail, retryAfterMs } from './mail.ts';

test('a template is filled in with what it needs', () => {
  const { subject, text } = renderMail('password-link', {
    organisation: 'Linden School',
    link: 'https://muster.example.org/app/new-password#abc',
    minutes: '30',
  });
  expect(subject).toBe('Linden School: a new password');
  expect(text).toContain('within 30 minutes');
  expect(text).toContain('https://muster.example.org/app/new-password#abc');
  expect(text).not.toContain('{');
});

test('a name with line breaks makes neither a header nor a paragraph', () => {
  const { subject, text } = renderMail('test', {
    organisation: 'Evil\r\nBcc: x@example.org\n\nHi',
  });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(text.trimEnd()).not.toMatch(/[\r\n]/);
});

test('pauses grow, and after a day nobody tries any more', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((tries) => retryAfterMs(tries) ?? 0);
  expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(25 * 3_600_000);
  expect(retryAfterMs(8)).toBeNull();
});
