import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countRows, eventTypes } from './account-rows.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import {
  adminEmail,
  adminPassword,
  hostPassword,
  inviteAndAccept,
  Jar,
  proxyAddress,
  setUpAdmin,
  setupForm,
  signIn,
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
      email: adminEmail,
      roles: ['admin', 'host'],
      organisation: 'Hillside School',
      zone: 'Europe/Berlin',
    });
    expect((await jar.get('/api/me')).body).toEqual(made.body);
    expect((await jar.get('/api/setup')).body.needed).toBe(false);
    expect(server.app.setUpLink.token).toBeNull();
    expect(await eventTypes(server)).toEqual(
      expect.arrayContaining([
        'organisation.set-up',
        'person.added',
        'account.made',
        'sign-in.made',
      ]),
    );
  });

  test('takes only its own link, the same at every start, and only once', async () => {
    const form = setupForm(server);
    expect(form.token).toBe(server.app.store.vault.setUpToken);
    expect(
      (await new Jar(server).post('/api/setup', { ...form, token: 'x'.repeat(43) })).code,
    ).toBe('link-invalid');
    await setUpAdmin(server);
    expect((await new Jar(server).post('/api/setup', form)).code).toBe('already-set-up');
  });

  test('is open by the same link after a new start, and by none once there is an administrator', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-set-up-'));
    try {
      let token: string | null;
      {
        await using first = await startTestServer({ folder });
        token = first.app.setUpLink.token;
        expect(token).toMatch(/^[\w-]{43}$/);
      }
      {
        await using second = await startTestServer({ folder });
        expect(second.app.setUpLink.token).toBe(token);
        await setUpAdmin(second);
      }
      await using third = await startTestServer({ folder });
      expect(third.app.setUpLink.token).toBeNull();
      const late = await new Jar(third).post('/api/setup', { ...setupForm(third), token });
      expect(late.code).toBe('already-set-up');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('of ten at once makes one administrator', async () => {
    const form = setupForm(server);
    const replies = await times(10, (index) =>
      new Jar(server).post('/api/setup', { ...form, email: `a${index}@hillside.example` }),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ code }) => code === 'already-set-up')).toHaveLength(9);
    expect(await countRows(server, 'person')).toBe(1);
    expect(await countRows(server, 'credential')).toBe(1);
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
    expect(await countRows(server, 'person')).toBe(0);
    expect(await eventTypes(server)).toEqual([]);
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
    expect(await eventTypes(server)).toContain('organisation.changed');
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
      onServer: !server.app.store.engine.exclusive,
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
    expect(await eventTypes(server)).toContain('recovery-sheet.made');
    expect(server.logged()).not.toContain(body.lines[0]);
  });
});
