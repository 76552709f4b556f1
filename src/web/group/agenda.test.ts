import { expect, test } from 'vitest';
import type { Send } from '../../client/request.ts';
import type { SessionLine } from '../../core/session.wire.ts';
import { loadAgenda } from './agenda.ts';

const line = (id: string, state: SessionLine['state'], startsAt: number): SessionLine => ({
  id,
  title: id,
  group: null,
  groupName: null,
  state,
  startsAt,
  endsAt: null,
  date: '2026-11-23',
  came: 0,
  expected: 0,
});

const sessions = [line('c', 'planned', 3), line('b', 'open', 2), line('a', 'closed', 1)];

test('a session stands there once, open ones by themselves, the rest in order', async () => {
  const send = (async () => ({ ok: true, value: sessions })) as unknown as Send;
  const agenda = await loadAgenda(send, '2026-11-23');
  expect(agenda.ok && agenda.value.running.map(({ id }) => id)).toEqual(['b']);
  expect(agenda.ok && agenda.value.others.map(({ id }) => id)).toEqual(['a', 'c']);
});

test('one refusal is the answer', async () => {
  const problem = { code: 'offline', status: 0, requestId: null, detail: {} } as const;
  const send = (async (_method: string, path: string) =>
    path.includes('planned') ? { ok: false, problem } : { ok: true, value: [] }) as unknown as Send;
  expect(await loadAgenda(send, '2026-11-23')).toEqual({ ok: false, problem });
});
