import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { countRows } from './account-rows.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import {
  adminEmail,
  adminPassword,
  hostPassword,
  inviteAndAccept,
  Jar,
  proxyAddress,
  setUpAdmin,
  signIn,
  times,
} from './jar.ts';

const hourMs = 3_600_000;
const dayMs = 24 * 3_600_000;
let server: TestServer<FakeClock>;

beforeEach(async () => {
  server = await startTestServer({ config: { trustedProxies: new Set([proxyAddress]) } });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

describe('signing in', () => {
  test('gives a cookie that scripts and other sites do not get', async () => {
    await setUpAdmin(server);
    const near = await signIn(new Jar(server), adminPassword);
    expect(near.setCookies[0]).toMatch(
      /^muster=[\w-]{43}\.[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    );
    const far = await signIn(new Jar(server, { address: '203.0.113.5' }), adminPassword);
    for (const line of far.setCookies) expect(line).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  });

  test('answers a wrong password and an unknown account alike', async () => {
    await setUpAdmin(server);
    const wrong = await signIn(new Jar(server), 'not the password');
    const unknown = await signIn(new Jar(server), 'not the password', 'nobody@hillside.example');
    const senseless = await signIn(new Jar(server), 'not the password', '\u0000<>');
    for (const reply of [wrong, unknown, senseless]) {
      expect(reply.status).toBe(401);
      expect({ ...reply.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
      expect(reply.setCookies).toEqual([]);
    }
  });

  test('checks one hash for an unknown account as for a wrong password', async () => {
    await setUpAdmin(server);
    const checked = vi.spyOn(server.app.passwords, 'verify');
    for (const login of [adminEmail, 'nobody@hillside.example']) {
      checked.mockClear();
      const jar = new Jar(server, { address: '203.0.113.7' });
      expect((await signIn(jar, 'not the password', login)).code).toBe('sign-in-wrong');
      expect(checked).toHaveBeenCalledTimes(1);
    }
  });

  test('slows down guessing, for known and unknown accounts alike, and says for how long', async () => {
    await setUpAdmin(server);
    const guesser = () => new Jar(server, { address: '203.0.113.9' });
    for (const login of [adminEmail, 'nobody@hillside.example']) {
      for (let index = 0; index < 5; index += 1) {
        expect((await signIn(guesser(), `wrong ${index}`, login)).code).toBe('sign-in-wrong');
      }
      const throttled = await signIn(guesser(), adminPassword, login);
      expect(throttled.code).toBe('sign-in-throttled');
      expect(throttled.status).toBe(429);
      expect(throttled.body.detail).toEqual({ retryAfter: 1 });
      expect(throttled.headers['retry-after']).toBe('1');
    }
    server.clock.advance(1_000);
    expect((await signIn(guesser(), adminPassword)).status).toBe(200);
  });

  test('of fifty guesses at once looks at five', async () => {
    await setUpAdmin(server);
    const replies = await times(50, (index) => signIn(new Jar(server), `wrong ${index}`));
    expect(replies.filter(({ code }) => code === 'sign-in-wrong')).toHaveLength(5);
    expect(replies.filter(({ code }) => code === 'sign-in-throttled')).toHaveLength(45);
  });

  test('opens no door where wrong passwords cannot be counted', async () => {
    await setUpAdmin(server);
    await server.app.store.engine.write((tx) => tx.schema.dropTable('failure').execute());
    for (const password of [adminPassword, 'not the password']) {
      const reply = await signIn(new Jar(server), password);
      expect(reply.code).toBe('internal');
      expect(reply.setCookies).toEqual([]);
    }
  });

  test('lets the owner in whose browser is known, whatever strangers try', async () => {
    const owner = await setUpAdmin(server);
    await owner.post('/api/sign-out');
    for (let index = 0; index < 20; index += 1) await signIn(new Jar(server), `wrong ${index}`);
    expect((await signIn(new Jar(server), adminPassword)).code).toBe('sign-in-throttled');
    expect((await signIn(owner, adminPassword)).status).toBe(200);
  });

  test('a known browser may not guess without end either, nor for another account', async () => {
    const owner = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, owner, {
      name: 'Ben',
      email: 'ben@hillside.example',
    });
    for (let index = 0; index < 15; index += 1) await signIn(owner, `wrong ${index}`);
    expect((await signIn(owner, adminPassword)).code).toBe('sign-in-throttled');
    expect((await signIn(host, adminPassword)).code).toBe('sign-in-throttled');
    expect((await signIn(host, hostPassword, 'ben@hillside.example')).status).toBe(200);
  });

  test('ends the earlier sign-in of the same browser', async () => {
    const jar = await setUpAdmin(server);
    const earlier = jar.cookies.get('muster');
    await signIn(jar, adminPassword);
    expect(jar.cookies.get('muster')).not.toBe(earlier);
    expect((await jar.get('/api/sign-ins')).body).toHaveLength(1);
    jar.cookies.set('muster', earlier ?? '');
    expect((await jar.get('/api/me')).code).toBe('sign-in-needed');
  });
});

describe('a sign-in', () => {
  test('ends with signing out', async () => {
    const jar = await setUpAdmin(server);
    const cookie = jar.cookies.get('muster') ?? '';
    const out = await jar.post('/api/sign-out');
    expect(out.setCookies[0]).toMatch(/^muster=; .*Max-Age=0/);
    jar.cookies.set('muster', cookie);
    expect((await jar.get('/api/me')).code).toBe('sign-in-needed');
    expect(await countRows(server, 'sign_in')).toBe(0);
  });

  test('is listed with its device and can be ended from another one', async () => {
    const jar = await setUpAdmin(server);
    const phone = new Jar(server, { address: '203.0.113.5', userAgent: 'iPhone CriOS/140.0' });
    await signIn(phone, adminPassword);
    const { body: list } = await jar.get('/api/sign-ins');
    expect(list).toHaveLength(2);
    const other = list.find(({ current }: { current: boolean }) => !current);
    expect(other).toMatchObject({ device: 'Chrome, iPhone', address: '203.0.113.5' });
    expect((await jar.post(`/api/sign-ins/${other.id}/revoke`)).status).toBe(200);
    expect((await phone.get('/api/me')).code).toBe('sign-in-needed');
    expect((await jar.post(`/api/sign-ins/${other.id}/revoke`)).code).toBe('not-found');
    expect((await jar.get('/api/me')).status).toBe(200);
  });

  test('of somebody else cannot be ended', async () => {
    const admin = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'ben@hillside.example',
    });
    const { body: list } = await admin.get('/api/sign-ins');
    expect((await host.post(`/api/sign-ins/${list[0].id}/revoke`)).code).toBe('not-found');
    expect((await admin.get('/api/me')).status).toBe(200);
  });

  test('ends everywhere at once', async () => {
    const jar = await setUpAdmin(server);
    const other = new Jar(server);
    await signIn(other, adminPassword);
    await other.post('/api/sign-out-everywhere');
    expect((await jar.get('/api/me')).code).toBe('sign-in-needed');
    expect((await other.get('/api/me')).code).toBe('sign-in-needed');
  });

  test('of an administrator ends after twelve idle hours, of a host after thirty days', async () => {
    const admin = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'ben@hillside.example',
    });
    server.clock.advance(11 * hourMs);
    expect((await admin.get('/api/setup')).status).toBe(200);
    expect((await admin.get('/api/sign-ins')).status).toBe(200);
    server.clock.advance(11 * hourMs);
    expect((await admin.get('/api/sign-ins')).status).toBe(200);
    server.clock.advance(12 * hourMs);
    expect((await admin.get('/api/sign-ins')).code).toBe('sign-in-needed');
    server.clock.advance(28 * dayMs);
    expect((await host.get('/api/sign-ins')).status).toBe(200);
    server.clock.advance(dayMs);
    expect((await host.get('/api/sign-ins')).code).toBe('sign-in-needed');
  });

  test('gets another secret once a day; the old one is good for a minute', async () => {
    const admin = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'ben@hillside.example',
    });
    const old = host.cookies.get('muster') ?? '';
    const [before] = (await host.get('/api/sign-ins')).body;
    server.clock.advance(dayMs);
    const tab = new Jar(server);
    tab.cookies.set('muster', old);
    const replies = await Promise.all([host.get('/api/me'), tab.get('/api/me')]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(replies.filter(({ setCookies }) => setCookies.length > 0)).toHaveLength(1);
    const rotated = [host, tab].map((jar) => jar.cookies.get('muster')).find((now) => now !== old);
    expect(rotated?.split('.')[0]).toBe(old.split('.')[0]);
    host.cookies.set('muster', rotated ?? '');
    tab.cookies.set('muster', old);
    server.clock.advance(59_000);
    expect((await tab.get('/api/me')).status).toBe(200);
    server.clock.advance(1_000);
    expect((await tab.get('/api/me')).code).toBe('sign-in-needed');
    const { body: list } = await host.get('/api/sign-ins');
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ id: before.id, since: before.since, current: true });
  });

  test('is not opened by a guessed, cut or foreign cookie', async () => {
    const jar = await setUpAdmin(server);
    const [handle = '', secret = ''] = (jar.cookies.get('muster') ?? '').split('.');
    const wrong = (secret[0] === 'A' ? 'B' : 'A') + secret.slice(1);
    for (const value of [
      handle,
      `${handle}.`,
      `${handle}.${wrong}`,
      `.${secret}`,
      `${secret}.${handle}`,
      '',
      '%',
      'x'.repeat(5_000),
    ]) {
      jar.cookies.set('muster', value);
      expect((await jar.get('/api/me')).code).toBe('sign-in-needed');
    }
  });
});

describe('the live channel', () => {
  const watch = async (jar: Jar) => {
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/live`, {
      headers: { cookie: `muster=${jar.cookies.get('muster')}`, origin: server.origin },
    });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return { closed };
  };

  test('of a sign-in ends at once when that sign-in ends, and no other one does', async () => {
    const jar = await setUpAdmin(server);
    const other = new Jar(server);
    await signIn(other, adminPassword);
    const { closed } = await watch(jar);
    await watch(other);
    await jar.post('/api/sign-out');
    expect(await closed).toBe(4401);
    await expect.poll(() => server.app.live.watchers).toBe(1);
  });

  test('of others ends when the password changes', async () => {
    const jar = await setUpAdmin(server);
    const other = new Jar(server);
    await signIn(other, adminPassword);
    await watch(jar);
    const { closed } = await watch(other);
    await jar.post('/api/password', { current: adminPassword, next: 'a ladder made of rain' });
    expect(await closed).toBe(4401);
    await expect.poll(() => server.app.live.watchers).toBe(1);
  });
});
