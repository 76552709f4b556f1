import { expect, test } from 'vitest';
import { createSend, passesByItself, queryOf } from './request.ts';
import { listSessions, moveSession } from './session.ts';

function sendWith(answer: () => Response | Promise<Response>) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: unknown, init: unknown) => {
    calls.push({ url: String(url), init: init as RequestInit });
    return answer();
  };
  const send = createSend({ fetch: fetch as typeof globalThis.fetch, base: 'https://host:1' });
  return { send, calls };
}

const problem = (status: number, body: object) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

test('an answer is its value', async () => {
  const { send, calls } = sendWith(() => Response.json([{ id: '1' }]));
  expect(await listSessions(send, { state: 'open', group: '' })).toEqual({
    ok: true,
    value: [{ id: '1' }],
  });
  expect(calls[0]?.url).toBe('https://host:1/api/sessions?state=open');
  expect(calls[0]?.init.method).toBe('GET');
});

test('a change is a POST of JSON, with an empty object where there is nothing to say', async () => {
  const { send, calls } = sendWith(() => new Response(null, { status: 204 }));
  expect(await moveSession(send, '7', 'close')).toEqual({ ok: true, value: null });
  expect(calls[0]?.url).toBe('https://host:1/api/sessions/7/close');
  expect(calls[0]?.init).toMatchObject({
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
});

test('a refusal keeps its code, its values and the name of the request', async () => {
  const { send } = sendWith(() =>
    problem(409, { code: 'number-taken', requestId: 'r1', detail: { max: 3 } }),
  );
  expect(await send('POST', '/x', {})).toEqual({
    ok: false,
    problem: { code: 'number-taken', status: 409, requestId: 'r1', detail: { max: 3 } },
  });
});

test.each([
  [500, 'internal'],
  [418, 'internal'],
  [502, 'offline'],
  [503, 'offline'],
  [504, 'offline'],
])('a %s that is not ours is %s', async (status, code) => {
  const { send } = sendWith(() => new Response('<html>proxy</html>', { status }));
  expect(await send('GET', '/x')).toMatchObject({ ok: false, problem: { code, status } });
});

test.each([
  ['offline', true],
  ['busy', true],
  ['database-away', true],
  ['internal', false],
  ['disk-full', false],
  ['session-state', false],
] as const)('whether %s passes by itself: %s', (code, passes) => {
  expect(passesByItself({ code, status: 0, requestId: null, detail: {} })).toBe(passes);
});

test('a dead network is a value too', async () => {
  const { send } = sendWith(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await send('GET', '/x')).toMatchObject({ ok: false, problem: { code: 'offline' } });
});

test('a query holds what is there, encoded', () => {
  expect(queryOf({ a: '1 & 2', b: undefined, c: '' })).toBe('?a=1+%26+2');
  expect(queryOf({})).toBe('');
});
