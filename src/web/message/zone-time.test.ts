import { expect, test } from 'vitest';
import { instantOf, wallDate, wallTime } from './zone-time.ts';

test.each([
  ['Europe/Berlin', '2026-11-23T09:00', '2026-11-23T08:00:00Z'],
  ['Asia/Kathmandu', '2026-11-23T09:00', '2026-11-23T03:15:00Z'],
  ['America/New_York', '2026-07-01T23:30', '2026-07-02T03:30:00Z'],
  ['Pacific/Kiritimati', '2026-11-23T00:00', '2026-11-22T10:00:00Z'],
])('%s reads %s and back', (zone, local, utc) => {
  expect(new Date(instantOf(local, zone)).toISOString()).toBe(utc.replace('Z', '.000Z'));
  expect(wallTime(Date.parse(utc), zone)).toBe(local);
});

test('the hour that spring skips moves on, the one that autumn repeats is the first', () => {
  const berlin = 'Europe/Berlin';
  expect(wallTime(instantOf('2026-03-29T02:30', berlin), berlin)).toBe('2026-03-29T03:30');
  expect(instantOf('2026-10-25T02:30', berlin)).toBe(Date.parse('2026-10-25T00:30:00Z'));
});

test('the date is the zone’s', () => {
  expect(wallDate(Date.parse('2026-11-23T23:30:00Z'), 'Europe/Berlin')).toBe('2026-11-24');
});

test('a year that is still being typed is a year', () => {
  expect(wallTime(instantOf('0002-12-24T09:00', 'UTC'), 'UTC')).toBe('0002-12-24T09:00');
});
