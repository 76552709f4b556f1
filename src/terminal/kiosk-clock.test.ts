import { expect, test } from 'vitest';
import type { Send } from '../client/request.ts';
import { KioskClock } from './kiosk-clock.ts';

const at = Temporal.Instant.from('2026-11-23T08:02:00Z').epochMilliseconds;
const offline = { code: 'offline' as const, status: 0, requestId: null, detail: {} };

test('a door shows the time of the organisation, wherever its own machine thinks it is', async () => {
  const answers: unknown[] = [
    { ok: false, problem: offline },
    { ok: true, value: { publicKey: '', zone: 'Asia/Tokyo' } },
  ];
  const asked: string[] = [];
  const send = (async (_method, path) => {
    asked.push(path);
    return answers.shift();
  }) as Send;
  const clock = new KioskClock({ send, now: () => at, zone: 'Europe/Berlin' });
  expect(clock.text).toBe('09:02');
  await clock.ask();
  expect(clock.text).toBe('09:02');
  await clock.ask();
  expect(clock.text).toBe('17:02');
  await clock.ask();
  expect(asked).toEqual(['/api/terminal-key', '/api/terminal-key']);
});
