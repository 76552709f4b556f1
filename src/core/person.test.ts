import { expect, test } from 'vitest';
import { note, title } from './field.wire.ts';
import { checkEmail, checkName } from './person.ts';

const hidden = ['\x1b[2J', '\u009b2J', '\u202e', '\u2066', '\u200b', '\0', '\x07'];

test.each(hidden)('%j stands in no name, title or note', (text) => {
  const clean = text.replace(/[^[2J]/g, '');
  expect(checkName(`Ada${text} L`)).toEqual({ ok: true, name: `Ada${clean} L` });
  expect(title.parse(`Roll${text} 1`)).toBe(`Roll${clean} 1`);
  expect(note.parse(`bus${text}\r\nlate`)).toBe(`bus${clean}\nlate`);
});

test.each(hidden)('an address with %j is none', (text) => {
  expect(checkEmail(`ada${text}@example.org`)).toMatchObject({ code: 'email-malformed' });
  expect(checkEmail('Ada@example.org')).toEqual({ ok: true, email: 'ada@example.org' });
});

test('a title is one line and never empty; lengths count what is kept', () => {
  expect(title.parse('  two\n  lines ')).toBe('two lines');
  expect(title.safeParse('\u200b \n').success).toBe(false);
  expect(title.safeParse('x'.repeat(121)).success).toBe(false);
  expect(note.safeParse('x'.repeat(501)).success).toBe(false);
  expect(note.parse(' \n ')).toBe('');
});
