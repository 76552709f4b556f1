import { afterAll, beforeAll, expect, test } from 'vitest';
import { dryRunHeader } from '../src/server/route.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { type Cast, openCast } from './cast.ts';

let server: TestServer<typeof realClock>;
let cast: Cast;
beforeAll(async () => {
  server = await startTestServer({ clock: realClock });
  cast = await openCast(server);
});
afterAll(() => server[Symbol.asyncDispose]());

async function post(path: string, body: object, token = server.app.operatorToken.token) {
  const reply = await fetch(server.origin + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      [dryRunHeader]: '1',
    },
    body: JSON.stringify(body),
  });
  return { status: reply.status, value: (await reply.json()) as Record<string, unknown> };
}

const lastEvents = async () => {
  const { store } = server.app;
  return store.engine.read
    .selectFrom('stream')
    .select(['stream', 'seq', 'hash'])
    .where('organisation', '=', store.organisation)
    .where('stream', '!=', 'reads')
    .orderBy('stream')
    .execute();
};

test('a request that is rehearsed answers as it would, and leaves nothing', async () => {
  const before = await lastEvents();
  const group = await post('/api/groups', { name: 'Only tried' });
  expect(group).toMatchObject({ status: 200, value: { id: expect.any(String) } });
  expect((await post('/api/sessions', {})).status).toBe(200);
  const { session, petra } = cast.things;
  const marked = await post(`/api/sessions/${session}/marks`, { people: [petra], status: 'late' });
  expect(marked).toMatchObject({ status: 200, value: { seq: expect.any(Number) } });
  expect(await lastEvents()).toEqual(before);
  const groups = await cast.visitors.admin.get('/api/groups');
  expect(JSON.stringify(groups.value)).not.toContain('Only tried');
});

test('it is refused for the same reasons', async () => {
  expect(await post('/api/people', { name: 'X', number: '7001' })).toMatchObject({
    status: 409,
    value: { code: 'number-taken' },
  });
  expect(await post('/api/people', { name: 'X' }, 'somebody-else')).toMatchObject({
    status: 401,
    value: { code: 'sign-in-needed' },
  });
});

test('what cannot be rehearsed is not done instead', async () => {
  const before = await lastEvents();
  const { group } = cast.things;
  for (const [path, body] of [
    ['/api/sign-in-links', {}],
    ['/api/people/import/apply', { text: 'Number,Name\nQ1,Quinn\n' }],
    [`/api/groups/${group}/roster/apply`, { text: 'Number,Name\nQ1,Quinn\n' }],
  ] as const)
    expect(await post(path, body)).toMatchObject({
      status: 422,
      value: { code: 'input-invalid', detail: { field: dryRunHeader } },
    });
  expect(await lastEvents()).toEqual(before);
});

test('what is read is read all the same, and counts', async () => {
  const { admin, attendee } = cast.visitors;
  const { petra } = cast.things;
  const { store } = server.app;
  const count = async (type: string) => {
    const rows = await store.engine.read
      .selectFrom('event')
      .select('id')
      .where('organisation', '=', store.organisation)
      .where('type', '=', type)
      .execute();
    return rows.length;
  };
  for (const [visitor, path, type] of [
    [admin, `/api/people/${petra}/data`, 'person.data-taken'],
    [admin, '/api/people.csv', 'people.exported'],
    [admin, '/api/audit/export?format=csv', 'audit.exported'],
    [attendee, '/api/me/data', 'person.data-taken'],
  ] as const) {
    const before = await count(type);
    visitor.headers[dryRunHeader] = '1';
    expect((await visitor.get(path)).status, path).toBe(200);
    expect(await count(type), path).toBe(before + 1);
  }
  let status = 200;
  for (let tries = 0; tries < 7; tries += 1) ({ status } = await attendee.get('/api/me/data'));
  expect(status).toBe(429);
});
