import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import {
  adminEmail,
  adminPassword,
  inviteAndAccept,
  Jar,
  proxyAddress,
  setUpAdmin,
  times,
  tokenOf,
} from './jar.ts';

let server: TestServer<FakeClock>;

beforeEach(async () => {
  server = await startTestServer({ config: { trustedProxies: new Set([proxyAddress]) } });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

describe('the gate', () => {
  const adminOnly: readonly (readonly [method: 'get' | 'post', path: string])[] = [
    ['get', '/api/invitations'],
    ['post', '/api/invitations'],
    ['post', '/api/invitations/x/revoke'],
    ['post', '/api/organisation'],
    ['post', '/api/recovery-sheet'],
    ['post', '/api/sign-in-links'],
  ];

  test.each(adminOnly)('%s %s is for administrators', async (method, path) => {
    const admin = await setUpAdmin(server);
    const { jar: host, me } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'ben@hillside.example',
    });
    expect((await new Jar(server)[method](path)).code).toBe('sign-in-needed');
    expect((await host[method](path)).code).toBe('not-allowed');
    const { store } = server.app;
    await store.engine.write((tx) =>
      tx.updateTable('role').set({ role: 'attendee' }).where('person', '=', me.id).execute(),
    );
    expect((await host[method](path)).code).toBe('not-allowed');
    expect((await host.get('/api/installation')).code).toBe('not-allowed');
    expect((await host.get('/api/hosts')).code).toBe('not-allowed');
    expect((await host.get('/api/me')).status).toBe(200);
  });

  test('refuses a post from another site, whatever its cookie', async () => {
    const admin = await setUpAdmin(server);
    const foreign = { origin: 'https://evil.example' };
    for (const path of [
      '/api/sign-in',
      '/api/sign-out',
      '/api/password',
      '/api/invitations',
      '/api/organisation',
      '/api/setup',
    ]) {
      expect((await admin.post(path, {}, foreign)).code).toBe('origin-refused');
      expect((await admin.post(path, {}, { origin: 'null' })).code).toBe('origin-refused');
      expect((await admin.post(path, {}, { 'sec-fetch-site': 'cross-site' })).code).toBe(
        'origin-refused',
      );
    }
    expect((await admin.get('/api/me')).status).toBe(200);
  });

  test('takes no password and no cookie on plain HTTP beyond loopback', async () => {
    const admin = await setUpAdmin(server);
    const ask = (method: 'GET' | 'POST', url: string) =>
      server.server.http.inject({
        method,
        url,
        remoteAddress: '192.168.1.20',
        headers: { host: '192.168.1.2:8080', cookie: `muster=${admin.cookies.get('muster')}` },
        ...(method === 'POST' ? { payload: { login: adminEmail, password: adminPassword } } : {}),
      });
    expect((await ask('POST', '/api/sign-in')).json().code).toBe('secure-only');
    expect((await ask('GET', '/api/me')).json().code).toBe('secure-only');
    expect((await ask('GET', '/api/setup')).json().code).toBe('secure-only');
  });
});

describe('the operator', () => {
  const bearer = () => ({ authorization: `Bearer ${server.app.operatorToken.token}` });

  test('is whoever shows the token on the machine itself, and nobody elsewhere', async () => {
    const me = await new Jar(server).get('/api/me', bearer());
    expect(me.body).toMatchObject({ id: 'operator', roles: ['admin', 'host'] });
    const wrong = { authorization: 'Bearer wrong' };
    expect((await new Jar(server).get('/api/me', wrong)).code).toBe('sign-in-needed');
    const far = new Jar(server, { address: '203.0.113.5' });
    expect((await far.get('/api/me', bearer())).code).toBe('sign-in-needed');
  });

  test('makes a link that signs the administrator in once, within ten minutes', async () => {
    const operator = new Jar(server);
    const make = async () =>
      (await operator.post('/api/sign-in-links', {}, bearer())) as {
        code?: string;
        body: { link: string };
      };
    expect((await make()).code).toBe('not-set-up');
    const admin = await setUpAdmin(server);
    expect((await admin.post('/api/sign-in-links', {})).code).toBe('not-allowed');
    const token = tokenOf((await make()).body.link);
    const replies = await times(10, () => new Jar(server).post('/api/sign-in-link', { token }));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.find(({ status }) => status === 200)?.body).toMatchObject({ email: adminEmail });
    const late = tokenOf((await make()).body.link);
    server.clock.advance(10 * 60_000);
    expect((await new Jar(server).post('/api/sign-in-link', { token: late })).code).toBe(
      'link-invalid',
    );
    const other = await operator.post(
      '/api/sign-in-links',
      { login: 'nobody@hillside.example' },
      bearer(),
    );
    expect(other.code).toBe('not-found');
  });

  test('has a hundred links at most: of more the oldest go, and none lies readable', async () => {
    await setUpAdmin(server);
    const tokens: string[] = [];
    for (let index = 0; index < 101; index += 1) {
      server.clock.advance(1);
      const { body } = await new Jar(server).post('/api/sign-in-links', {}, bearer());
      tokens.push(tokenOf(body.link));
    }
    const rows = await server.app.store.engine.read
      .selectFrom('sign_in_link')
      .selectAll()
      .execute();
    expect(rows).toHaveLength(100);
    expect(
      rows.filter((row) => tokens.some((token) => JSON.stringify(row).includes(token))),
    ).toEqual([]);
    const use = (token = '') => new Jar(server).post('/api/sign-in-link', { token });
    expect((await use(tokens[0])).code).toBe('link-invalid');
    expect((await use(tokens[1])).status).toBe(200);
    expect((await use(tokens[1])).code).toBe('link-invalid');
  });

  test('has no password to change and no sheet to print', async () => {
    await setUpAdmin(server);
    const operator = new Jar(server);
    expect((await operator.post('/api/recovery-sheet', { password: 'x' }, bearer())).code).toBe(
      'not-allowed',
    );
    expect(
      (await operator.post('/api/password', { current: 'x', next: adminPassword }, bearer())).code,
    ).toBe('not-allowed');
  });
});
