import { expect, test } from 'vitest';
import { refusalCodes } from '../../core/refusal.ts';
import { en } from './en.ts';
import { formatMessage } from './format.ts';
import { problemText } from './text.ts';
import { vocabulary } from './vocabulary.ts';

const catalogues = import.meta.glob<Record<string, object>>('./en-*.ts', { eager: true });
const parts = Object.values(catalogues).flatMap((exported) => Object.values(exported));

test.each([...refusalCodes, 'offline' as const])('%s has a whole sentence', (code) => {
  const sentence = problemText({ code, detail: {} });
  expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(sentence).not.toContain('{');
});

test('no key stands in two catalogues', () => {
  const keys = parts.flatMap((part) => Object.keys(part));
  expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
  expect(Object.keys(en).length).toBe(keys.length);
});

test('both vocabularies know the same words', () => {
  expect(Object.keys(vocabulary.work)).toEqual(Object.keys(vocabulary.school));
});

test('an organisation reads its own words', () => {
  const message = 'Tell the {host} of your {group}.';
  expect(formatMessage(message, {}, vocabulary.school, 'en')).toBe(
    'Tell the teacher of your class.',
  );
  expect(formatMessage(message, {}, vocabulary.work, 'en')).toBe(
    'Tell the supervisor of your team.',
  );
});

test('a count picks its form and is written as the reader writes it', () => {
  const message = { by: 'count', one: '{count} row', other: '{count} rows' } as const;
  const say = (count: number, locale = 'en') =>
    formatMessage(message, { count }, vocabulary.school, locale);
  expect([say(0), say(1), say(2), say(10_000)]).toEqual([
    '0 rows',
    '1 row',
    '2 rows',
    '10,000 rows',
  ]);
  expect(say(10_000, 'de')).toBe('10.000 rows');
});

test('a value is never read as a pattern', () => {
  const name = '{host} <b>$&</b>';
  expect(formatMessage('Hello {name}', { name }, vocabulary.school, 'en')).toBe(`Hello ${name}`);
});
