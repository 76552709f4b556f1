import { expect, test } from 'vitest';
import { spanOf } from './plan.ts';

const day = Temporal.PlainDate.from('2026-11-23');
const time = (text: string) => Temporal.PlainTime.from(text);
const utc = (text: string) => Temporal.Instant.from(text).epochMilliseconds;

test('times are those of the organisation; an end before the beginning is of the next day', () => {
  const zone = 'Europe/Berlin';
  expect(spanOf(day, { begins: time('09:30'), ends: null }, zone)).toEqual({
    startsAt: utc('2026-11-23T08:30Z'),
  });
  expect(spanOf(day, { begins: time('09:30'), ends: time('10:15') }, zone)).toEqual({
    startsAt: utc('2026-11-23T08:30Z'),
    endsAt: utc('2026-11-23T09:15Z'),
  });
  expect(spanOf(day, { begins: time('22:00'), ends: time('06:00') }, zone)).toEqual({
    startsAt: utc('2026-11-23T21:00Z'),
    endsAt: utc('2026-11-24T05:00Z'),
  });
});

test('a night in which the clocks change is as long as it is', () => {
  const night = Temporal.PlainDate.from('2026-10-24');
  const { startsAt, endsAt = 0 } = spanOf(
    night,
    { begins: time('22:00'), ends: time('06:00') },
    'Europe/Berlin',
  );
  expect(endsAt - startsAt).toBe(9 * 3_600_000);
});
