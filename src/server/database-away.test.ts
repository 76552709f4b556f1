import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { DatabaseAway } from './database-away.ts';

const away = Object.assign(new Error('connect to 10.0.0.7 failed for ada'), { code: '57P01' });
const conflict = Object.assign(new Error('deadlock over ada'), { code: '40P01' });
const fault = new Error('a fault');

function watch() {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const databaseAway = new DatabaseAway(
    { isAway: (error) => error === away, isConflict: (error) => error === conflict },
    log,
  );
  return { databaseAway, lines };
}

describe('troubles of the database', () => {
  test('are that it is away, and that it gave way to others in vain; nothing else', () => {
    const { databaseAway } = watch();
    expect([away, conflict, fault].map((error) => databaseAway.causes(error))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('are said once a second, with how many went unsaid, without a stack and without words of the driver', async () => {
    const { databaseAway, lines } = watch();
    for (let index = 0; index < 500; index += 1) databaseAway.causes(away);
    expect(lines).toEqual([
      {
        level: 40,
        time: expect.any(Number),
        name: 'Error',
        code: '57P01',
        before: 0,
        msg: 'the database does not answer',
      },
    ]);
    await sleep(1_050);
    databaseAway.causes(away);
    expect(lines.map(({ before }) => before)).toEqual([0, 499]);
  });

  test('are not noted by who only asks', () => {
    const { databaseAway, lines } = watch();
    expect(databaseAway.isShared(away)).toBe(true);
    expect(lines).toEqual([]);
  });

  test('are told from a fault of a job, which is logged whole', () => {
    const { databaseAway, lines } = watch();
    databaseAway.log(away, 'job failed', { job: 'sessions' });
    databaseAway.log(fault, 'job failed', { job: 'sessions' });
    expect(lines.map(({ msg, level, job }) => [msg, level, job])).toEqual([
      ['the database does not answer', 40, undefined],
      ['job failed', 50, 'sessions'],
    ]);
    expect(lines[1]?.err).toMatchObject({ message: 'a fault' });
  });
});
