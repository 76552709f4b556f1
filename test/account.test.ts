import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import {
  adminPassword,
  hostPassword,
  inviteAndAccept,
  Jar,
  proxyAddress,
  setUpAdmin,
  setupForm,
  tokenOf,
} from './jar.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let server: TestServer<FakeClock>;

beforeEach(async () => {
  server = await startTestServer({ config: { trustedProxies: new Set([proxyAddress]) } });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const email = 'amara@hillside.example';
const signIn = (jar: Jar, password: string, login = email) =>
  jar.post('/api/sign-in', { login, password });
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

async function countRows(table: 'person' | 'role' | 'credential' | 'sign_in'): Promise<number> {
  const { read } = server.app.store.engine;
  const row = await read
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
}

async function eventTypes(): Promise<string[]> {
  const { read } = server.app.store.engine;
  const rows = await read
    .selectFrom('event')
    .select('type')
    .orderBy('received_at')
    .orderBy('seq')
    .execute();
  return rows.map(({ type }) => type);
}

describe('set-up', () => {
  test('names the organisation, makes an administrator and signs in', async () => {
    const jar = new Jar(server);
    const before = await jar.get('/api/setup');
    expect(before.body).toMatchObject({
      needed: true,
      zone: 'Europe/Berlin',
      passwordMinLength: 10,
    });
    expect(before.body.zones).toContain('Asia/Kolkata');
    const made = await jar.post('/api/setup', setupForm(server));
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      name: 'Amara Okafor',
      email,
      roles: ['admin', 'host'],
      organisation: 'Hillside School',
      zone: 'Europe/Berlin',
    });
    expect((await jar.get('/api/me')).body).toEqual(made.body);
    expect((await jar.get('/api/setup')).body.needed).toBe(false);
    expect(server.app.setUpLink.token).toBeNull();
    expect(await eventTypes()).toEqual(
      expect.arrayContaining([
        'organisation.set-up',
        'person.added',
        'account.made',
        'sign-in.made',
      ]),
    );
  });

  test('takes only the link of this start, and only once', async () => {
    const form = setupForm(server);
    expect(
      (await new Jar(server).post('/api/setup', { ...form, token: 'x'.repeat(43) })).code,
    ).toBe('link-invalid');
    await setUpAdmin(server);
    expect((await new Jar(server).post('/api/setup', form)).code).toBe('already-set-up');
  });

  test('of ten at once makes one administrator', async () => {
    const form = setupForm(server);
    const replies = await times(10, (index) =>
      new Jar(server).post('/api/setup', { ...form, email: `a${index}@hillside.example` }),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ code }) => code === 'already-set-up')).toHaveLength(9);
    expect(await countRows('person')).toBe(1);
    expect(await countRows('credential')).toBe(1);
  });

  test.each([
    [{ password: 'short' }, 'password-short'],
    [{ password: 'password1234' }, 'password-common'],
    [{ password: 'HillsideSchool1' }, 'password-common'],
    [{ password: 'amaraokafor' }, 'password-common'],
    [{ zone: 'Nowhere/At-All' }, 'input-invalid'],
    [{ email: 'nobody' }, 'email-malformed'],
    [{ name: '  ' }, 'name-missing'],
    [{ language: 'xx' }, 'input-invalid'],
    [{ organisation: 7 }, 'input-invalid'],
    [{ more: 'than agreed' }, 'input-invalid'],
  ])('refuses %o with %s and changes nothing', async (change, code) => {
    const reply = await new Jar(server).post('/api/setup', { ...setupForm(server), ...change });
    expect(reply.code).toBe(code);
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(await countRows('person')).toBe(0);
    expect(await eventTypes()).toEqual([]);
  });
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

  test('takes as long for an unknown account as for a wrong password', async () => {
    await setUpAdmin(server);
    const time = async (login: string) => {
      const from = performance.now();
      await signIn(new Jar(server, { address: '203.0.113.7' }), 'not the password', login);
      return performance.now() - from;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      known.push(await time(email));
      unknown.push(await time('nobody@hillside.example'));
    }
    // the fastest of each: a busy machine only adds to the others
    const ratio = Math.min(...unknown) / Math.min(...known);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });

  test('slows down guessing, for known and unknown accounts alike, and says for how long', async () => {
    await setUpAdmin(server);
    const guesser = () => new Jar(server, { address: '203.0.113.9' });
    for (const login of [email, 'nobody@hillside.example']) {
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
    expect(await countRows('sign_in')).toBe(0);
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

describe('the password', () => {
  test('changes with the present one only, and signs out everywhere else', async () => {
    const jar = await setUpAdmin(server);
    const other = new Jar(server);
    await signIn(other, adminPassword);
    const next = 'a ladder made of rain';
    const change = (current: string, to: string) =>
      jar.post('/api/password', { current, next: to });
    expect((await change('not the password', next)).code).toBe('password-wrong');
    expect((await change(adminPassword, 'short')).code).toBe('password-short');
    expect((await change(adminPassword, 'password1234')).code).toBe('password-common');
    expect((await other.get('/api/me')).status).toBe(200);
    expect((await change(adminPassword, next)).status).toBe(200);
    expect((await jar.get('/api/me')).status).toBe(200);
    expect((await other.get('/api/me')).code).toBe('sign-in-needed');
    expect((await signIn(other, adminPassword)).code).toBe('sign-in-wrong');
    expect((await signIn(other, next)).status).toBe(200);
  });

  test('cannot be guessed with a found-open browser', async () => {
    const jar = await setUpAdmin(server);
    for (let index = 0; index < 5; index += 1) {
      await jar.post('/api/password', { current: `wrong ${index}`, next: 'a ladder made of rain' });
    }
    expect((await jar.post('/api/recovery-sheet', { password: adminPassword })).code).toBe(
      'sign-in-throttled',
    );
  });

  test('stands nowhere: not in the log, not in an event, not in an answer', async () => {
    const jar = await setUpAdmin(server);
    const token = tokenOf(
      (await jar.post('/api/invitations', { name: 'Ben', role: 'host', groups: [] })).body.link,
    );
    await jar.post('/api/invitation/accept', {
      token,
      name: 'Ben',
      email: 'x',
      password: hostPassword,
    });
    await signIn(new Jar(server), 'a wrong secret word');
    const cookies = [...jar.cookies.values()];
    const rows = await server.app.store.engine.read.selectFrom('event').selectAll().execute();
    const written = `${server.logged()}${JSON.stringify(rows)}`;
    for (const secret of [
      adminPassword,
      hostPassword,
      'a wrong secret word',
      token,
      ...cookies,
      '$argon2id$',
    ]) {
      expect(written).not.toContain(secret);
    }
  });
});

describe('an invitation', () => {
  const form = { name: 'Ben Ruiz', email: 'ben@hillside.example', password: hostPassword };
  const inviteBen = async (admin: Jar, more = {}) => {
    const { body } = await admin.post('/api/invitations', {
      name: 'Ben',
      role: 'host',
      groups: [],
      ...more,
    });
    return tokenOf(body.link);
  };

  test('shows who is invited to what, makes the account and its groups, and is used up', async () => {
    const admin = await setUpAdmin(server);
    const group = (await admin.post('/api/groups', { name: '7b' })).body.id;
    const { body } = await admin.post('/api/invitations', {
      name: 'Ben',
      email: form.email,
      role: 'host',
      groups: [group],
    });
    expect(body.link).toMatch(/\/app\/invitation#[\w-]{43}$/);
    const token = tokenOf(body.link);
    const jar = new Jar(server);
    expect((await jar.post('/api/invitation', { token })).body).toEqual({
      name: 'Ben',
      email: form.email,
      role: 'host',
      organisation: 'Hillside School',
      passwordMinLength: 10,
    });
    const accepted = await jar.post('/api/invitation/accept', { ...form, token });
    expect(accepted.body).toMatchObject({ name: 'Ben Ruiz', roles: ['host'] });
    expect((await jar.get(`/api/groups/${group}`)).body.hosts).toHaveLength(2);
    expect((await admin.get('/api/invitations')).body).toMatchObject([
      { name: 'Ben', state: 'used' },
    ]);
    expect((await jar.post('/api/invitation', { token })).code).toBe('link-invalid');
    expect((await admin.get('/api/hosts')).body.map(({ name }: { name: string }) => name)).toEqual([
      'Amara Okafor',
      'Ben Ruiz',
    ]);
  });

  test('of ten acceptances at once makes one account', async () => {
    const admin = await setUpAdmin(server);
    const token = await inviteBen(admin);
    const replies = await times(10, (index) =>
      new Jar(server).post('/api/invitation/accept', {
        ...form,
        token,
        email: `ben${index}@hillside.example`,
      }),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ code }) => code === 'link-invalid')).toHaveLength(9);
    expect(await countRows('person')).toBe(2);
    expect((await eventTypes()).filter((type) => type === 'invitation.used')).toHaveLength(1);
  });

  test('can be revoked, expires after a week, and neither opens anything', async () => {
    const admin = await setUpAdmin(server);
    const revoked = await inviteBen(admin);
    const [{ id }] = (await admin.get('/api/invitations')).body;
    expect((await admin.post(`/api/invitations/${id}/revoke`)).status).toBe(200);
    expect((await admin.post(`/api/invitations/${id}/revoke`)).code).toBe('not-found');
    server.clock.advance(1);
    const expired = await inviteBen(admin);
    server.clock.advance(7 * dayMs);
    await signIn(admin, adminPassword);
    for (const token of [revoked, expired, 'x']) {
      expect((await new Jar(server).post('/api/invitation', { token })).code).toBe('link-invalid');
      expect((await new Jar(server).post('/api/invitation/accept', { ...form, token })).code).toBe(
        'link-invalid',
      );
    }
    const states = (await admin.get('/api/invitations')).body.map(
      ({ state }: { state: string }) => state,
    );
    expect(states).toEqual(['expired', 'revoked']);
  });

  test('is not spent by a weak password or a taken address', async () => {
    const admin = await setUpAdmin(server);
    const token = await inviteBen(admin);
    const accept = (change: object) =>
      new Jar(server).post('/api/invitation/accept', { ...form, token, ...change });
    expect((await accept({ password: 'short' })).code).toBe('password-short');
    expect((await accept({ email })).code).toBe('email-taken');
    expect((await accept({})).status).toBe(200);
  });

  test('names groups that exist, and a free address', async () => {
    const admin = await setUpAdmin(server);
    const ask = (change: object) =>
      admin.post('/api/invitations', { name: 'Ben', role: 'host', groups: [], ...change });
    expect((await ask({ groups: ['00000000-0000-7000-8000-000000000000'] })).code).toBe(
      'not-found',
    );
    expect((await ask({ email })).code).toBe('email-taken');
    expect((await ask({ role: 'attendee' })).code).toBe('input-invalid');
  });
});

describe('organisation and installation', () => {
  const settings = {
    name: 'Hillside',
    zone: 'Asia/Kolkata',
    language: 'en',
    words: 'work',
    dayFiles: true,
  };

  test('an administrator changes the settings, and everybody sees them', async () => {
    const admin = await setUpAdmin(server);
    expect((await admin.post('/api/organisation', { ...settings, zone: 'Mars/Base' })).code).toBe(
      'input-invalid',
    );
    expect((await admin.post('/api/organisation', settings)).status).toBe(200);
    expect((await admin.get('/api/organisation')).body).toEqual(settings);
    expect((await admin.get('/api/me')).body).toMatchObject({
      organisation: 'Hillside',
      words: 'work',
    });
    expect(await eventTypes()).toContain('organisation.changed');
  });

  test('folders are shown to administrators only', async () => {
    const admin = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'ben@hillside.example',
    });
    const { body } = await admin.get('/api/installation');
    expect(body).toMatchObject({
      version: '0.0.0-test',
      newestBackupAt: null,
      warnings: [],
      authority: null,
    });
    expect(body.folders.keys).toContain('keys');
    expect((await host.get('/api/installation')).body.folders).toBeNull();
  });

  test('the recovery sheet needs the password and holds the keys', async () => {
    const admin = await setUpAdmin(server);
    expect((await admin.post('/api/recovery-sheet', { password: 'not it at all' })).code).toBe(
      'password-wrong',
    );
    const { body } = await admin.post('/api/recovery-sheet', { password: adminPassword });
    expect(body).toMatchObject({ organisation: 'Hillside School', madeAt: server.clock.now() });
    const { decodeRecovery } = await import('../src/core/recovery.ts');
    const { keys, vault } = server.app.store;
    expect(decodeRecovery('master', body.lines)).toEqual({
      ok: true,
      key: new Uint8Array(await keys.readMaster()),
    });
    expect(body.epochs).toHaveLength(1);
    expect(decodeRecovery('epoch-1', body.epochs[0].lines)).toEqual({
      ok: true,
      key: new Uint8Array(vault.epochs.get(1) ?? []),
    });
    expect(await eventTypes()).toContain('recovery-sheet.made');
    expect(server.logged()).not.toContain(body.lines[0]);
  });
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
        ...(method === 'POST' ? { payload: { login: email, password: adminPassword } } : {}),
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
    expect(replies.find(({ status }) => status === 200)?.body).toMatchObject({ email });
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
