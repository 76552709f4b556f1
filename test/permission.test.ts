import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionId } from '../src/core/brand.ts';
import { loadPhonePage } from '../src/server/phone-page.ts';
import type { Requirement, Route } from '../src/server/route.ts';
import { allRoutes } from '../src/server/routes.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

let server: TestServer<typeof realClock>;
let school: School;
let visitors: Record<'nobody' | 'attendee' | 'otherHost' | 'host' | 'admin', Visitor>;
let routes: readonly Route[];
let group: string;
let session: SessionId;
let quickRoll: SessionId;

/** Somebody signed in who is neither host nor administrator. */
async function signInAttendee(): Promise<Visitor> {
  const visitor = await school.inviteHost([], 'Atti Attendee', 'atti@example.org');
  const { id } = (await visitor.get<{ id: string }>('/api/me')).value;
  const { engine, organisation } = server.app.store;
  await engine.write((tx) =>
    tx
      .updateTable('role')
      .set({ role: 'attendee' })
      .where('organisation', '=', organisation)
      .where('person', '=', id)
      .execute(),
  );
  return visitor;
}

beforeAll(async () => {
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  group = await school.addGroup('Physics 10B');
  const other = await school.addGroup('Chemistry 9A');
  const host = await school.inviteHost([group]);
  const otherHost = await school.inviteHost([other], 'Olga Other', 'olga@example.org');
  session = await school.openSession({ group }, host);
  quickRoll = await school.openSession({ title: 'Quick roll' }, host);
  visitors = {
    nobody: new Visitor(server.origin),
    attendee: await signInAttendee(),
    otherHost,
    host,
    admin: school.admin,
  };
  const { webFolder } = server.app;
  routes = allRoutes(loadPhonePage(webFolder), webFolder);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Who must be turned away, and how, for each requirement. */
const refused: Record<Requirement, Partial<Record<keyof typeof visitors, readonly number[]>>> = {
  anyone: {},
  'signed-in': { nobody: [401] },
  host: { nobody: [401], attendee: [403] },
  admin: { nobody: [401], attendee: [403], otherHost: [403], host: [403] },
  'group-host': { nobody: [401], attendee: [403], otherHost: [404] },
  'session-host': { nobody: [401], attendee: [403], otherHost: [404] },
  metrics: { nobody: [401], attendee: [401], otherHost: [401], host: [401], admin: [401] },
};

const pathOf = ({ path }: Route): string =>
  path
    .replace(':group', group)
    .replace(':session', session)
    .replace(/:token\(.*\)/, 'A'.repeat(16))
    .replace('*', '')
    .replace(/:\w+/g, randomUUID());

describe('the permission walk', () => {
  test('every route turns away whom it must, before it looks at the body', async () => {
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes) {
      for (const [who, statuses] of Object.entries(refused[route.needs])) {
        const visitor = visitors[who as keyof typeof visitors];
        const reply = await visitor.send(
          route.method,
          pathOf(route),
          route.method === 'POST' ? '{}' : undefined,
        );
        expect(statuses, `${who} ${route.method} ${route.path}`).toContain(reply.status);
      }
    }
  });

  test('every route with an id in its path names a requirement that looks at it', () => {
    for (const { path, needs } of routes) {
      if (path.includes(':session')) expect(needs, path).toBe('session-host');
      if (path.includes(':group')) expect(needs, path).toBe('group-host');
    }
  });

  test('only these routes need nobody to be signed in', () => {
    const open = routes
      .filter(({ needs }) => needs === 'anyone')
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.filter((route) => !route.startsWith('GET /app')).sort()).toMatchSnapshot();
  });

  test('a quick roll belongs to who opened it', async () => {
    expect((await visitors.otherHost.get(`/api/sessions/${quickRoll}`)).status).toBe(404);
    expect((await visitors.host.get(`/api/sessions/${quickRoll}`)).status).toBe(200);
    expect((await visitors.admin.get(`/api/sessions/${quickRoll}`)).status).toBe(200);
  });

  test('lists show a host only what is theirs', async () => {
    const groups = await visitors.otherHost.get<{ name: string }[]>('/api/groups');
    expect(groups.value.map(({ name }) => name)).toEqual(['Chemistry 9A']);
    const sessions = await visitors.otherHost.get<unknown[]>('/api/sessions');
    expect(sessions.value).toEqual([]);
    const foreign = await visitors.otherHost.post('/api/sessions', { group });
    expect(foreign.status).toBe(404);
  });

  test('every state change from another site is refused, also with a valid cookie', async () => {
    for (const route of routes.filter(({ method }) => method === 'POST')) {
      const foreign = new Visitor(server.origin);
      for (const [name, value] of visitors.admin.cookies) foreign.cookies.set(name, value);
      foreign.headers.origin = 'https://evil.example';
      const reply = await foreign.post(pathOf(route));
      expect([reply.status, reply.problem.code], route.path).toEqual([403, 'origin-refused']);
      delete foreign.headers.origin;
      foreign.headers['sec-fetch-site'] = 'cross-site';
      expect((await foreign.post(pathOf(route))).problem.code, route.path).toBe('origin-refused');
    }
  });

  test('no state change rides on GET', () => {
    expect(new Set(routes.map(({ method }) => method))).toEqual(new Set(['GET', 'POST']));
  });
});

/** Opens the live channel as this visitor; the answer is the first frame, or the status of the refusal. */
function watch(
  visitor: Visitor,
  topic: string,
  headers: Record<string, string> = {},
): Promise<string | number> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/live`, {
    headers: { ...(cookie ? { cookie } : {}), ...headers },
  });
  return new Promise<string | number>((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ do: 'subscribe', topic, since: 0 })));
    socket.on('message', (data) => resolve(String(data)));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
    socket.on('close', (code) => resolve(code));
  }).finally(() => socket.terminate());
}

describe('the live channel', () => {
  test.each(['session', 'code'])('topic %s is only for hosts of the group', async (kind) => {
    const topic = `${kind}:${session}`;
    expect(await watch(visitors.nobody, topic)).toBe(401);
    expect(await watch(visitors.attendee, topic)).toBe(403);
    expect(JSON.parse(String(await watch(visitors.otherHost, topic)))).toMatchObject({
      kind: 'refused',
    });
    expect(JSON.parse(String(await watch(visitors.host, topic)))).not.toMatchObject({
      kind: 'refused',
    });
    expect(
      JSON.parse(String(await watch(visitors.otherHost, `${kind}:${quickRoll}`))),
    ).toMatchObject({ kind: 'refused' });
  });

  test('unknown topics, other origins and other paths are refused', async () => {
    expect(JSON.parse(String(await watch(visitors.admin, 'audit:all')))).toMatchObject({
      kind: 'refused',
    });
    expect(
      JSON.parse(String(await watch(visitors.admin, `session:${randomUUID()}`))),
    ).toMatchObject({ kind: 'refused' });
    expect(
      await watch(visitors.admin, `session:${session}`, { origin: 'https://evil.example' }),
    ).toBe(403);
  });

  test('ends at sign-out', async () => {
    const leaver = await school.inviteHost([group], 'Lena Leaver', 'lena@example.org');
    const cookie = [...leaver.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/live`, {
      headers: { cookie },
    });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('open', resolve));
    await leaver.post('/api/sign-out');
    expect(await closed).toBe(4401);
  });

  test('a frame that is no request ends the connection', async () => {
    const cookie = [...visitors.admin.cookies]
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/live`, {
      headers: { cookie },
    });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send('{"do":"everything"}');
    expect(await closed).toBe(1007);
  });
});
