import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Role } from '../src/core/account.wire.ts';
import { type Permission, permissions, topicPermissions } from '../src/core/permission.ts';
import { checkRequirement } from '../src/server/gate.ts';
import { loadPhonePage } from '../src/server/phone-page.ts';
import type { Route } from '../src/server/route.ts';
import { allRoutes } from '../src/server/routes.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { type Cast, openCast, owned, type Part, parts, type Things } from './cast.ts';
import { Visitor } from './visitor.ts';

let server: TestServer<typeof realClock>;
let cast: Cast;
let routes: readonly Route[];

beforeAll(async () => {
  server = await startTestServer({ clock: realClock });
  cast = await openCast(server);
  const { webFolder } = server.app;
  routes = allRoutes(loadPhonePage(webFolder), webFolder);
});
afterAll(() => server[Symbol.asyncDispose]());

const rolesOf: Record<Part, readonly Role[]> = {
  nobody: [],
  attendee: ['attendee'],
  otherHost: ['host', 'attendee'],
  host: ['host', 'attendee'],
  otherSupervisor: ['supervisor', 'attendee'],
  supervisor: ['supervisor', 'attendee'],
  auditor: ['auditor', 'attendee'],
  admin: ['admin', 'host', 'attendee'],
  operator: ['admin', 'host', 'attendee'],
};

/** The answer that the table asks for: 200 for "come in". `thing` is null where the path names nothing. */
function expected(needs: Permission, part: Part, thing: keyof Things | null): number {
  if (part === 'nobody') return 401;
  const rule: Partial<Record<Role, string>> = permissions[needs];
  const roles = rolesOf[part].filter((role) => rule[role] !== undefined);
  if (roles.length === 0) return 403;
  if (thing === null || roles.some((role) => rule[role] === 'all')) return 200;
  const mine = owned[part];
  return mine && roles.includes(mine.role) && mine.things.includes(thing) ? 200 : 404;
}

/** What a path is about; a session is also tried as a quick roll. */
function thingsOf(path: string): (keyof Things | null)[] {
  if (path.includes(':session')) return ['session', 'quickRoll'];
  if (path.includes(':group')) return ['group'];
  return path.includes(':person') ? ['petra'] : [null];
}

const pathOf = ({ path }: Route, thing: keyof Things | null = null): string =>
  path
    .replace(':group', cast.things.group)
    .replace(':session', cast.things[thing === 'quickRoll' ? 'quickRoll' : 'session'])
    .replace(':person', cast.things.petra)
    .replace(/:token\(.*\)/, 'A'.repeat(16))
    .replace('*', '')
    .replace(/:\w+/g, randomUUID());

const paramsOf = ({ path }: Route, thing: keyof Things | null): Record<string, string> => ({
  ...(path.includes(':group') ? { group: cast.things.group } : {}),
  ...(path.includes(':person') ? { person: cast.things.petra } : {}),
  ...(path.includes(':session') && thing ? { session: cast.things[thing] } : {}),
});

const statusOf: Record<string, number> = {
  'sign-in-needed': 401,
  'not-allowed': 403,
  'not-found': 404,
};

describe('the permission walk', () => {
  test('every route, every role, own and foreign: the gate answers what the table says', async () => {
    expect(routes.length).toBeGreaterThan(40);
    const { store } = server.app;
    for (const part of parts) {
      const me = await cast.signedIn(part);
      for (const route of routes) {
        if (route.needs === 'anyone' || route.needs === 'metrics') continue;
        for (const thing of thingsOf(route.path)) {
          const answer = await checkRequirement(store, route.needs, me, paramsOf(route, thing));
          const status = answer.ok ? 200 : statusOf[answer.code];
          const which = `${part} ${route.method} ${route.path} (${thing})`;
          expect(status, which).toBe(expected(route.needs, part, thing));
        }
      }
    }
  });

  test('every route turns away whom it must, before it looks at the body', async () => {
    for (const part of parts) {
      if (part === 'operator') continue;
      const visitor = cast.visitors[part];
      for (const route of routes) {
        if (route.needs === 'anyone') continue;
        for (const thing of thingsOf(route.path)) {
          const status = route.needs === 'metrics' ? 401 : expected(route.needs, part, thing);
          if (status === 200) continue;
          const body = route.method === 'POST' ? '{}' : undefined;
          const reply = await visitor.send(route.method, pathOf(route, thing), body);
          expect(reply.status, `${part} ${route.method} ${route.path} (${thing})`).toBe(status);
        }
      }
    }
  });

  test('the table has no permission that nothing asks for', () => {
    const asked = new Set<string>([
      ...routes.map(({ needs }) => needs),
      ...Object.values(topicPermissions),
    ]);
    expect(Object.keys(permissions).filter((needs) => !asked.has(needs))).toEqual([]);
  });

  test('an auditor changes nothing but their own account', () => {
    for (const { method, path, needs } of routes) {
      if (method === 'GET' || needs === 'anyone' || needs === 'account.use') continue;
      expect(Object.keys(permissions[needs as Permission]), path).not.toContain('auditor');
    }
  });

  test('only these routes need nobody to be signed in', () => {
    const open = routes
      .filter(({ needs }) => needs === 'anyone')
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.filter((route) => !route.startsWith('GET /app')).sort()).toMatchSnapshot();
  });

  test('a quick roll belongs to who opened it', async () => {
    expect(
      (await cast.visitors.otherHost.get(`/api/sessions/${cast.things.quickRoll}`)).status,
    ).toBe(404);
    expect((await cast.visitors.host.get(`/api/sessions/${cast.things.quickRoll}`)).status).toBe(
      200,
    );
    expect((await cast.visitors.admin.get(`/api/sessions/${cast.things.quickRoll}`)).status).toBe(
      200,
    );
  });

  test('lists show a host only what is theirs', async () => {
    const groups = await cast.visitors.otherHost.get<{ name: string }[]>('/api/groups');
    expect(groups.value.map(({ name }) => name)).toEqual(['Chemistry 9A']);
    const sessions = await cast.visitors.otherHost.get<unknown[]>('/api/sessions');
    expect(sessions.value).toEqual([]);
    const foreign = await cast.visitors.otherHost.post('/api/sessions', {
      group: cast.things.group,
    });
    expect(foreign.status).toBe(404);
  });

  test('every state change from another site is refused, also with a valid cookie', async () => {
    for (const route of routes.filter(({ method }) => method === 'POST')) {
      const foreign = new Visitor(server.origin);
      for (const [name, value] of cast.visitors.admin.cookies) foreign.cookies.set(name, value);
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
  test('every topic, every role, own and foreign: it opens to whom the table says', async () => {
    for (const part of parts) {
      if (part === 'operator') continue;
      for (const [kind, needs] of Object.entries(topicPermissions)) {
        for (const thing of ['session', 'quickRoll'] as const) {
          const first = await watch(cast.visitors[part], `${kind}:${cast.things[thing]}`);
          const which = `${part} ${kind} ${thing}`;
          if (part === 'nobody') expect(first, which).toBe(401);
          else if (part === 'attendee') expect(first, which).toBe(403);
          else {
            const isRefused = JSON.parse(String(first)).kind === 'refused';
            expect(isRefused, which).toBe(expected(needs, part, thing) !== 200);
          }
        }
      }
    }
  });

  test('unknown topics, other origins and other paths are refused', async () => {
    expect(JSON.parse(String(await watch(cast.visitors.admin, 'audit:all')))).toMatchObject({
      kind: 'refused',
    });
    expect(
      JSON.parse(String(await watch(cast.visitors.admin, `session:${randomUUID()}`))),
    ).toMatchObject({ kind: 'refused' });
    expect(
      await watch(cast.visitors.admin, `session:${cast.things.session}`, {
        origin: 'https://evil.example',
      }),
    ).toBe(403);
  });

  test('ends at sign-out', async () => {
    const leaver = await cast.school.inviteHost(
      [cast.things.group],
      'Lena Leaver',
      'lena@example.org',
    );
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
    const cookie = [...cast.visitors.admin.cookies]
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
