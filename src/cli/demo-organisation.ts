import { randomBytes } from 'node:crypto';
import { setUp } from '../client/account.ts';
import { addGroup } from '../client/group.ts';
import type { Send } from '../client/request.ts';
import { applyRoster } from '../client/roster.ts';
import { openSession } from '../client/session.ts';
import { granted } from './connection.ts';
import { demoLateMs, students } from './demo-class.ts';
import { systemClock } from './system.ts';

const lateAfterMinutes = 5;

/**
 * Makes the demo's organisation through the same interface as everybody: set-up, a group with its roster, and a
 * session that began a while ago, so that the last to come are late.
 * @returns the session's id
 */
export async function makeDemo(send: Send, token: string, zone: string): Promise<string> {
  granted(
    await setUp(send, {
      token,
      organisation: 'Northfield School (demo)',
      zone,
      language: 'en',
      words: 'school',
      name: 'Dana Demo',
      email: 'demo@example.org',
      password: randomBytes(24).toString('base64url'),
    }),
  );
  const { id: group } = granted(await addGroup(send, 'Physics 101'));
  const rows = students.map(({ number, name }) => `${number}\t${name}`);
  granted(await applyRoster(send, group, { text: ['number\tname', ...rows].join('\n') }));
  const startsAt = systemClock.now() - lateAfterMinutes * 60_000 + demoLateMs;
  const { id } = granted(
    await openSession(send, {
      group,
      startsAt,
      settings: { lateAfterMinutes, rosterRule: 'walk-ins' },
    }),
  );
  return id;
}
