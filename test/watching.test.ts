import { networkInterfaces } from 'node:os';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import type { Readiness } from '../src/core/health.wire.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

const token = 'Zb3kQ9w_1uYt-77HsLq0';
const lan = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && !address.internal && address.family === 'IPv4')?.address;

let server: TestServer<typeof realClock>;
let school: School;
let session: SessionId;
beforeAll(async () => {
  server = await startTestServer({
    clock: realClock,
    host: '0.0.0.0',
    config: { metricsToken: token, logRequests: true },
  });
  school = await openSchool(server);
  session = await school.openSession({ title: 'Roll' });
});
afterAll(() => server[Symbol.asyncDispose]());

const bearer = (shown: string) => {
  const visitor = new Visitor(server.origin);
  visitor.headers.authorization = `Bearer ${shown}`;
  return visitor;
};
const lines = () =>
  server
    .logged()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The value of a sample; 0 where it is not there. */
async function sample(name: string, labels: Record<string, string> = {}): Promise<number> {
  const text = (await bearer(token).get<string>('/metrics')).value;
  const line = text
    .split('\n')
    .find(
      (row) =>
        new RegExp(`^${name}[{ ]`).test(row) &&
        Object.entries(labels).every(([label, value]) => row.includes(`${label}="${value}"`)),
    );
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('health', () => {
  test('is told to everybody, on plain HTTP beyond loopback too', async () => {
    expect(lan, 'this test needs a network address that is not loopback').toBeDefined();
    for (const origin of [server.origin, `http://${lan}:${server.server.port}`]) {
      const visitor = new Visitor(origin);
      const alive = await visitor.get('/healthz');
      expect([alive.status, alive.value]).toEqual([200, { alive: true }]);
      const ready = await visitor.get<Readiness>('/readyz');
      expect(ready.status).toBe(200);
      expect(ready.value).toEqual({
        ready: true,
        checks: { serving: 'ok', database: 'ok', migrations: 'ok', keys: 'ok' },
      });
    }
  });

  test('counts what other parts register', async () => {
    const { health } = server.app;
    health.register('drill', async () => 'is only a drill');
    const reply = await new Visitor(server.origin).get<Readiness>('/readyz');
    expect([reply.status, reply.value.checks.drill]).toEqual([503, 'is only a drill']);
    expect(reply.headers.get('retry-after')).toBe('2');
    expect(await sample('muster_ready')).toBe(0);
    health.register('drill', async () => null);
    expect((await new Visitor(server.origin).get('/readyz')).status).toBe(200);
    expect(await sample('muster_ready')).toBe(1);
  });

  test('an instance beside a newer one that has moved the schema on is not ready', async () => {
    await using other = await startTestServer({ clock: realClock });
    const { store, health } = other.app;
    await store.engine.write((tx) => sql`update muster_schema set version = 999`.execute(tx));
    expect(await health.look()).toMatchObject({
      ready: false,
      checks: { migrations: 'the schema is of another version', database: 'ok' },
    });
  });
});

describe('the metrics', () => {
  test('are shown to who has the token, and on the machine itself to the operator', async () => {
    const reply = await bearer(token).get<string>('/metrics');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await bearer(server.app.operatorToken.token).get('/metrics')).status).toBe(200);
  });

  test.each([
    ['nothing', undefined],
    ['a wrong token', `Bearer ${token.slice(1)}x`],
    ['the beginning of the token', `Bearer ${token.slice(0, -1)}`],
    ['no Bearer', `Basic ${token}`],
    ['the bare token', token],
  ])('are not shown to who shows %s, signed in or not', async (_, authorization) => {
    for (const visitor of [new Visitor(server.origin), school.admin]) {
      const asking = new Visitor(server.origin);
      for (const [name, value] of visitor.cookies) asking.cookies.set(name, value);
      if (authorization !== undefined) asking.headers.authorization = authorization;
      const reply = await asking.get('/metrics');
      expect([reply.status, reply.problem.code]).toEqual([401, 'sign-in-needed']);
      expect(JSON.stringify(reply.value)).not.toContain('muster_');
    }
  });

  test('are not shown without a token where none is configured, but to the operator', async () => {
    await using other = await startTestServer({ clock: realClock });
    const ask = async (shown: string) => {
      const visitor = new Visitor(other.origin);
      visitor.headers.authorization = `Bearer ${shown}`;
      return (await visitor.get('/metrics')).status;
    };
    expect(await ask('null')).toBe(401);
    expect(await ask(token)).toBe(401);
    expect(await ask(other.app.operatorToken.token)).toBe(200);
  });

  test('do not cross a network in clear: not the token, and not the operator’s', async () => {
    for (const shown of [token, server.app.operatorToken.token]) {
      const far = new Visitor(`http://${lan}:${server.server.port}`);
      far.headers.authorization = `Bearer ${shown}`;
      const reply = await far.get('/metrics');
      expect([reply.status, reply.problem.code]).toEqual([403, 'secure-only']);
    }
  });

  test('are shown through a trusted proxy that ends TLS, and not to the operator there', async () => {
    await using behind = await startTestServer({
      clock: realClock,
      config: { metricsToken: token, trustedProxies: new Set(['127.0.0.1', '::1']) },
    });
    const ask = async (shown: string, scheme: string) => {
      const visitor = new Visitor(behind.origin);
      visitor.headers.authorization = `Bearer ${shown}`;
      visitor.headers['x-forwarded-proto'] = scheme;
      visitor.headers['x-forwarded-for'] = '192.0.2.7';
      return (await visitor.get('/metrics')).status;
    };
    expect(await ask(token, 'https')).toBe(200);
    expect(await ask(token, 'http')).toBe(403);
    expect(await ask(behind.app.operatorToken.token, 'https')).toBe(401);
  });

  test('count requests by the pattern of the route, check-ins by their outcome, and batches', async () => {
    const route = '/:token([0-9A-Za-z]{16})';
    const before = {
      scans: await sample('muster_http_requests_total', { route, status: '200' }),
      accepted: await sample('muster_check_ins_total', { outcome: 'guest' }),
      again: await sample('muster_check_ins_total', { outcome: 'already' }),
      nameless: await sample('muster_check_ins_total', { outcome: 'number-missing' }),
      batches: await sample('muster_check_in_batch_size_count'),
      commits: await sample('muster_commit_seconds_count'),
    };
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    await phone.submit(opening, ' ', 'Ann');
    expect((await phone.submit(opening, '4711', 'Ann')).status).toBe(200);
    const again = await phone.checkIn(await school.token(session), '4711', 'Ann');
    expect(again.value.already).toBe(true);
    expect({
      scans: await sample('muster_http_requests_total', { route, status: '200' }),
      accepted: await sample('muster_check_ins_total', { outcome: 'guest' }),
      again: await sample('muster_check_ins_total', { outcome: 'already' }),
      nameless: await sample('muster_check_ins_total', { outcome: 'number-missing' }),
      batches: await sample('muster_check_in_batch_size_count'),
      commits: await sample('muster_commit_seconds_count'),
    }).toEqual({
      scans: before.scans + 2,
      accepted: before.accepted + 1,
      again: before.again + 1,
      nameless: before.nameless + 1,
      batches: before.batches + 2,
      commits: before.commits + 2,
    });
    expect(
      await sample('muster_http_request_seconds_count', { route: '/api/check-in' }),
    ).toBeGreaterThanOrEqual(3);
  });

  test('have no more labels however many addresses and methods are tried, and hold nothing personal', async () => {
    const secret = await school.token(session);
    await new Visitor(server.origin).get(`/${secret}`);
    for (let index = 0; index < 50; index += 1) {
      await new Visitor(server.origin).get(`/nothing/${index}/ada@example.org`);
    }
    for (const method of ['PUT', 'DELETE', 'PATCH', 'PURGE', 'PROPFIND']) {
      await fetch(`${server.origin}/in`, { method });
    }
    const { value: text } = await bearer(token).get<string>('/metrics');
    expect(text).not.toMatch(/nothing|ada@|4711|Linden|PURGE|PROPFIND/);
    expect(text).not.toContain(secret);
    const unknown = text.split('\n').filter((line) => /_total\{.*route="none"/.test(line));
    expect(unknown.map((line) => /method="(\w+)"/.exec(line)?.[1]).sort()).toEqual([
      'GET',
      'other',
    ]);
  });

  test('tell what this instance holds and how its clock goes', async () => {
    server.app.metrics.setClockSkew(0.25);
    expect(await sample('muster_clock_skew_seconds')).toBe(0.25);
    expect(await sample('muster_lease_held', { job: 'sessions' })).toBe(1);
    expect(await sample('process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});

describe('the id of a request', () => {
  const named = (visitor: Visitor, id: string) => {
    visitor.headers['x-request-id'] = id;
    return visitor.get('/in');
  };

  test('stands on every answer, and is the one of the problem', async () => {
    const visitor = new Visitor(server.origin);
    for (const path of ['/in', '/healthz', '/api/me', '/api/nothing', '/%ff']) {
      const reply = await visitor.get(path);
      const id = reply.headers.get('x-request-id');
      expect(id, path).toMatch(/^[\w-]{12}$/);
      if (reply.status >= 400) expect(reply.problem.requestId, path).toBe(id);
    }
  });

  test('is not taken from a stranger', async () => {
    const reply = await named(new Visitor(server.origin), 'given-by-a-stranger');
    expect(reply.headers.get('x-request-id')).not.toBe('given-by-a-stranger');
  });

  test('is taken from a trusted proxy, where it is harmless', async () => {
    await using behind = await startTestServer({
      clock: realClock,
      config: { trustedProxies: new Set(['127.0.0.1', '::1']) },
    });
    const visitor = new Visitor(behind.origin);
    const good = '0f8e5c1d-77aa-4b1e-9c55-0a1b2c3d4e5f';
    expect((await named(visitor, good)).headers.get('x-request-id')).toBe(good);
    for (const bad of [
      'short',
      'x'.repeat(65),
      'a b c d e f g h',
      '{"level":60,"msg":1}',
      'ä'.repeat(9),
    ]) {
      expect((await named(visitor, bad)).headers.get('x-request-id'), bad).toMatch(/^[\w-]{12}$/);
    }
  });
});

describe('the log', () => {
  test('has a line for each request, by the pattern of its route, without what the address held', async () => {
    const secret = await school.token(session);
    const reply = await new Visitor(server.origin).get(`/${secret}?who=ada@example.org`);
    const requestId = reply.headers.get('x-request-id');
    const line = lines().find((entry) => entry.requestId === requestId);
    expect(line).toMatchObject({
      level: 30,
      msg: 'request',
      instance: server.app.instance,
      method: 'GET',
      route: '/:token([0-9A-Za-z]{16})',
      status: 200,
      ms: expect.any(Number),
    });
    expect(Object.keys(line ?? {}).sort()).toEqual(
      [
        'hostname',
        'instance',
        'level',
        'method',
        'ms',
        'msg',
        'pid',
        'requestId',
        'route',
        'status',
        'time',
      ].sort(),
    );
    expect(server.logged()).not.toContain(secret);
    expect(server.logged()).not.toContain('ada@example.org');
  });

  test('has no line for a request where that was not asked for', async () => {
    await using quiet = await startTestServer({ clock: realClock });
    await new Visitor(quiet.origin).get('/in');
    expect(quiet.logged()).toBe('');
  });

  test('names an instance, and each another', async () => {
    await using other = await startTestServer({ clock: realClock });
    expect(other.app.instance).toMatch(/^[\w-]{8}$/);
    expect(other.app.instance).not.toBe(server.app.instance);
  });

  test('has a fault once, with the id of the request and without the values of the statement', async () => {
    const { store } = server.app;
    const secret = 'grace@example.org';
    server.app.settings.reload = () => violate(store.engine, secret);
    const { value: settings } = await school.admin.get('/api/organisation');
    const reply = await school.admin.post('/api/organisation', settings);
    expect([reply.status, reply.problem.code]).toEqual([500, 'internal']);
    const faults = lines().filter(
      ({ requestId, level }) => requestId === reply.headers.get('x-request-id') && level === 50,
    );
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ route: '/api/organisation', msg: 'request failed' });
    expect(JSON.stringify(faults[0])).toContain('SQLITE_CONSTRAINT');
    expect(server.logged()).not.toContain(secret);
  });

  test.each(engineNames)('of a violation on %s has the place and no value', async (name) => {
    await using database = await freshDatabase(name);
    await using other = await startTestServer({ clock: realClock, address: database.address });
    const secret = 'grace@example.org';
    const { store, log } = other.app;
    const error = await violate(store.engine, secret).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(store.engine.isUniqueViolation(error)).toBe(true);
    log.error({ err: error }, 'a drill');
    const entry =
      other
        .logged()
        .split('\n')
        .find((line) => line.includes('a drill')) ?? '';
    expect(entry).not.toContain(secret);
    expect(JSON.parse(entry)).toMatchObject({
      err: {
        name: expect.any(String),
        code: expect.any(String),
        stack: expect.stringContaining('at '),
      },
    });
  });
});

/** Inserts the same row twice. */
function violate(
  engine: TestServer<unknown>['app']['store']['engine'],
  value: string,
): Promise<void> {
  const row = { organisation: value, job: value, holder: value, until: 0 };
  return engine.write(async (tx) => {
    await engine.insertMany(tx, 'lease', [row]);
    await engine.insertMany(tx, 'lease', [row]);
  });
}
