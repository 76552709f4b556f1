import { expect, test } from 'vitest';
import type { LocalDate } from '../core/brand.ts';
import { sessionStream } from '../store/store.ts';
import { checkInGuests, openRoll, openThrowaway } from '../store/throwaway.ts';
import { DayFileStreams } from './day-file-stream.ts';
import { Settings } from './settings.ts';

const zone = 'Europe/Berlin';

async function openSessions(dayFiles: 0 | 1 = 1) {
  const place = await openThrowaway({ at: '2026-11-23T09:00:00+01:00', zone });
  const { store } = place;
  await store.engine.write((tx) =>
    tx.updateTable('organisation').set({ day_files: dayFiles }).execute(),
  );
  const closed = { state: 'closed', closedAt: store.clock.now() } as const;
  const on = (date: string) => openRoll(store, zone, { ...closed, date: date as LocalDate });
  return {
    store,
    settings: await Settings.load(store),
    today: sessionStream(await on('2026-11-23')),
    yesterday: sessionStream(await on('2026-11-22')),
    older: await on('2026-11-02'),
    oldestButOpen: sessionStream(await openRoll(store, zone, { date: '2026-11-01' as LocalDate })),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

test('follows sessions that are open, and those of these days', async () => {
  await using app = await openSessions();
  const { today, yesterday, oldestButOpen } = app;
  expect(await new DayFileStreams(app).list()).toEqual(new Set([today, yesterday, oldestButOpen]));
});

test('finds every few minutes what grew in sessions of older days, once', async () => {
  await using app = await openSessions();
  const { store, older } = app;
  const streams = new DayFileStreams(app, 0);
  expect(await streams.list()).not.toContain(sessionStream(older));
  await checkInGuests(store, older, [['1', 'Late Comer']]);
  const hasOlder = async () => (await streams.list()).has(sessionStream(older));
  expect([await hasOlder(), await hasOlder()]).toEqual([true, false]);
});

test('follows nothing while day files are off', async () => {
  await using app = await openSessions(0);
  expect(await new DayFileStreams(app).list()).toEqual(new Set());
});
