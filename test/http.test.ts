import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadOrCreateAuthority } from '../src/server/authority.ts';
import { issueCertificate } from '../src/server/certificate.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { adminEmail, adminPassword, openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

let server: TestServer<typeof realClock>;
let school: School;
beforeAll(async () => {
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const problemType = 'application/problem+json; charset=utf-8';

describe('bad requests', () => {
  test('not JSON, wrong types and too large bodies are refused as problems, with a request id', async () => {
    const visitor = new Visitor(server.origin);
    const cases: [string, number, string][] = [
      ['{not json', 415, 'not-json'],
      ['', 415, 'not-json'],
      ['[]', 422, 'input-invalid'],
      ['{"attempt":1,"ticket":{},"number":[]}', 422, 'input-invalid'],
      [
        JSON.stringify({ attempt: 'x'.repeat(20), ticket: '', number: 'x'.repeat(70_000) }),
        413,
        'too-large',
      ],
    ];
    for (const [body, status, code] of cases) {
      const reply = await visitor.send('POST', '/api/check-in', body);
      expect([reply.status, reply.problem.code]).toEqual([status, code]);
      expect(reply.headers.get('content-type')).toBe(problemType);
      expect(reply.problem.requestId).toMatch(/^[\w-]{8,}$/);
    }
  });

  test('another content type is refused', async () => {
    const response = await fetch(`${server.origin}/api/check-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'attempt=1',
    });
    expect(response.status).toBe(415);
  });

  test.each([
    '/app/../../../etc/passwd',
    '/app/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/app/..%2f..%2f..%2fetc%2fpasswd',
    '/app/assets/..%2f..%2f..%2fpackage.json',
    '/app/assets/%00',
  ])('the path %s leads to no file', async (path) => {
    const text = await rawGet(server.server.port, path);
    expect(text).not.toContain('root:');
    expect(text).not.toContain('"dependencies"');
    expect(text).toMatch(/^HTTP\/1\.1 (200|400|404|422)/);
  });

  test('a zero byte in the address is refused before any database sees it', async () => {
    for (const path of ['/api/people/%00', '/api/people/x%00/history', '/api/erasures/%00']) {
      const reply = await school.admin.get(path);
      expect([reply.status, reply.problem.code], path).toEqual([404, 'not-found']);
    }
    const { status, problem } = await school.admin.get('/api/audit?actor=a%00');
    expect([status, problem.code]).toEqual([422, 'input-invalid']);
    expect(problem.detail).toEqual({ field: 'actor', problem: 'nul' });
  });

  test('nothing that was answered or logged holds a stack, SQL or a secret', async () => {
    const visitor = new Visitor(server.origin);
    await visitor.post('/api/sign-in', { login: adminEmail, password: 'wrong-password-here' });
    await visitor.post('/api/sign-in', { login: adminEmail, password: adminPassword });
    await visitor.get('/api/sessions/%27%20or%201=1');
    const reply = await visitor.get<string>("/api/sessions?state='; drop table person");
    const text = JSON.stringify(reply.value) + server.logged();
    expect(text).not.toMatch(/select |insert into|sqlite|node_modules|\.ts:\d+/i);
    for (const secret of [adminPassword, 'wrong-password-here', ...visitor.cookies.values()]) {
      expect(text).not.toContain(secret);
    }
  });

  test('every answer carries the security headers, and the plain listener never promises TLS', async () => {
    for (const path of ['/', '/in', '/app/', '/api/me', '/nowhere']) {
      const { headers } = await new Visitor(server.origin).get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  test('cookies are out of reach of scripts and other sites', async () => {
    const visitor = new Visitor(server.origin);
    const { headers } = await visitor.post('/api/sign-in', {
      login: adminEmail,
      password: adminPassword,
    });
    const cookie = headers.getSetCookie().find((line) => line.startsWith('muster='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const session = await school.openSession({ title: 'Roll' });
    const scanned = await school.phone().scan(await school.token(session));
    expect(scanned.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax$/);
  });
});

/** A request line as it stands: fetch would tidy the path first. */
function rawGet(port: number, path: string, host = `localhost:${port}`): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (data) => {
      text += String(data);
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('what each kind of origin can carry', () => {
  const lan = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.family === 'IPv4' && !entry.internal)?.address;

  test('plain HTTP beyond loopback serves the no-account check-in and nothing else', async () => {
    expect(lan, 'this test needs a network address that is not loopback').toBeDefined();
    const folder = `${server.folder}/tls`;
    const authority = await loadOrCreateAuthority({ folder, now: Date.now() });
    const tls = await issueCertificate({
      authority,
      hostnames: ['localhost'],
      addresses: [lan as string],
      now: Date.now(),
    });
    await using open = await startTestServer({ clock: realClock, host: '0.0.0.0', tls });
    const other = await openSchool(open);
    const session = await other.openSession({ title: 'Roll' });
    const far = `http://${lan}:${open.server.port}`;
    const phone = new Visitor(far);

    expect((await phone.get('/')).status).toBe(200);
    expect((await phone.get('/in')).status).toBe(200);
    expect((await phone.checkIn(await other.token(session), '1', 'Anna')).value.status).toBe(
      'present',
    );
    expect((await phone.post('/api/typed-code', { code: await other.typed(session) })).status).toBe(
      200,
    );

    const admin = new Visitor(far);
    for (const [name, value] of other.admin.cookies) admin.cookies.set(name, value);
    for (const path of ['/api/me', '/api/setup', '/api/sessions', `/api/sessions/${session}`]) {
      expect((await admin.get(path)).problem.code, path).toBe('secure-only');
    }
    for (const path of ['/api/sign-in', '/api/setup', '/api/sessions', '/api/invitation/accept']) {
      const reply = await admin.post(path, { login: adminEmail, password: adminPassword });
      expect([reply.status, reply.problem.code], path).toEqual([403, 'secure-only']);
    }
    const app = await admin.get('/app/sign-in');
    expect([app.status, app.headers.get('location')]).toEqual([
      307,
      `https://${lan}:${open.server.httpsPort}/app/sign-in`,
    ]);
    const live = await fetch(`${far}/live`, {
      headers: { connection: 'upgrade', upgrade: 'websocket' },
    }).catch(() => null);
    expect(live?.status ?? 403).not.toBe(101);
  });

  test('a server bound to one address of the network still answers the machine itself', async () => {
    await using open = await startTestServer({ clock: realClock, host: lan as string });
    expect((await new Visitor(open.origin).get('/api/setup')).status).toBe(200);
    const far = new Visitor(`http://${lan}:${open.server.port}`);
    expect((await far.get('/api/setup')).problem.code).toBe('secure-only');
  });

  test('a foreign name on a loopback connection is not loopback', async () => {
    const text = await rawGet(server.server.port, '/api/setup', 'rebound.example');
    expect(text).toContain('secure-only');
  });
});
