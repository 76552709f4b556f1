import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listMail } from '../src/store/mail.ts';
import { eventTypes } from './account-rows.ts';
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
  tokenOf,
} from './jar.ts';

const next = 'a ladder made of rain';
let server: TestServer<FakeClock>;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const askOperator = (path: string, login: string) =>
  new Jar(server).post(
    path,
    { login },
    { authorization: `Bearer ${server.app.operatorToken.token}` },
  );

async function resetToken(login = adminEmail): Promise<string> {
  const { body } = await askOperator('/api/password-links', login);
  return tokenOf(body.link);
}

const finish = (jar: Jar, token: string, password = next) =>
  jar.post('/api/password-reset/finish', { token, password });

describe('a link to a new password', () => {
  test('is made for the operator only', async () => {
    const admin = await setUpAdmin(server);
    const { body } = await askOperator('/api/password-links', adminEmail);
    expect(body.link).toMatch(/^http:\/\/localhost(:\d+)?\/app\/new-password#[\w-]{43}$/);
    expect((await admin.post('/api/password-links', { login: adminEmail })).code).toBe(
      'not-allowed',
    );
    expect((await askOperator('/api/password-links', 'nobody@h.example')).code).toBe('not-found');
  });

  test('sets the password, signs in, and signs out everywhere else', async () => {
    const admin = await setUpAdmin(server);
    const jar = new Jar(server);
    const reply = await finish(jar, await resetToken());
    expect(reply.body).toMatchObject({ name: 'Amara Okafor', must: null });
    expect((await jar.get('/api/me')).status).toBe(200);
    expect((await admin.get('/api/me')).code).toBe('sign-in-needed');
    expect((await signIn(admin, adminPassword)).code).toBe('sign-in-wrong');
    expect((await signIn(admin, next)).status).toBe(200);
    expect(await eventTypes(server)).toEqual(
      expect.arrayContaining(['password.link-made', 'password.reset']),
    );
  });

  test('works once, of many at once too, for ten minutes, and only the newest', async () => {
    await setUpAdmin(server);
    const older = await resetToken();
    const token = await resetToken();
    expect((await finish(new Jar(server), older)).code).toBe('link-invalid');
    const replies = await times(5, () => finish(new Jar(server), token));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ code }) => code === 'link-invalid')).toHaveLength(4);
    const late = await resetToken();
    server.clock.advance(10 * 60_000);
    expect((await finish(new Jar(server), late)).code).toBe('link-invalid');
    expect((await finish(new Jar(server), 'x'.repeat(43))).code).toBe('link-invalid');
  });

  test('is not used up by a password that may not be', async () => {
    await setUpAdmin(server);
    const token = await resetToken();
    expect((await finish(new Jar(server), token, 'short')).code).toBe('password-short');
    expect((await finish(new Jar(server), token, 'HillsideSchool1')).code).toBe('password-common');
    expect((await finish(new Jar(server), token)).status).toBe(200);
  });

  test('takes the place of an assigned password too', async () => {
    const admin = await setUpAdmin(server);
    const email = 'ben@hillside.example';
    const { me } = await inviteAndAccept(server, admin, { name: 'Ben', email });
    await admin.post(`/api/people/${me.id}/password`);
    const jar = new Jar(server);
    expect((await finish(jar, await resetToken(email))).body).toMatchObject({ must: null });
    expect((await signIn(new Jar(server), hostPassword, email)).code).toBe('sign-in-wrong');
  });

  test('is over once the password or the address has become another', async () => {
    const admin = await setUpAdmin(server);
    const email = 'ben@hillside.example';
    const { jar: ben, me } = await inviteAndAccept(server, admin, { name: 'Ben', email });
    const other = 'ben.new@hillside.example';
    const path = `/api/people/${me.id}`;
    expect((await admin.post(path, { number: 'H01' })).status).toBe(200);
    const twin = await admin.post('/api/people', { name: 'Ben', email: 'b@hillside.example' });
    const merge = { into: me.id, take: ['email'] };
    const changes: readonly (readonly [Jar, string, object])[] = [
      [ben, '/api/password', { current: hostPassword, next: 'a bridge made of wood' }],
      [admin, path, { email: other }],
      [admin, '/api/people/import/apply', { text: `number,name,email\nH01,Ben,${email}` }],
      [admin, `/api/people/${twin.body.person}/merge`, merge],
      [admin, `${path}/password`, {}],
    ];
    for (const [who, to, change] of changes) {
      const token = await resetToken('H01');
      expect((await who.post(to, change)).status).toBe(200);
      expect((await finish(new Jar(server), token)).code).toBe('link-invalid');
    }
    const token = await resetToken('H01');
    expect((await admin.post(path, { job: 'Teacher' })).status).toBe(200);
    expect((await finish(new Jar(server), token)).status).toBe(200);
  });

  test('stands nowhere in the clear', async () => {
    await setUpAdmin(server);
    const token = await resetToken();
    const rows = await server.app.store.engine.read.selectFrom('mailed_link').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(server.logged() + JSON.stringify(rows)).not.toContain(token);
  });
});

describe('a forgotten password', () => {
  const mailServer = {
    host: '127.0.0.1',
    port: 9,
    security: 'none',
    user: '',
    from: 'muster@hillside.example',
  };
  const ask = (login: string, jar = new Jar(server), headers: Record<string, string> = {}) =>
    jar.post('/api/password-reset', { login }, headers);
  const mails = () => listMail(server.app.store, 50);
  const ways = async () => (await new Jar(server).get('/api/sign-in/ways')).body;

  async function setUpMail(): Promise<Jar> {
    const admin = await setUpAdmin(server);
    expect((await admin.post('/api/mail/settings', mailServer)).status).toBe(200);
    return admin;
  }

  test('without a mail server is for an administrator, and the sign-in page can say so', async () => {
    await setUpAdmin(server);
    expect(await ways()).toEqual({ passkeys: 'here', resetByMail: false });
    expect((await ask(adminEmail)).code).toBe('not-allowed');
    expect(await mails()).toEqual([]);
  });

  test('gets a mailed link, good for half an hour, whose use sets a new one', async () => {
    await setUpMail();
    expect(await ways()).toEqual({ passkeys: 'here', resetByMail: true });
    expect((await ask(adminEmail)).body).toEqual({ ok: true });
    await expect.poll(mails).toHaveLength(1);
    const [mail] = await mails();
    expect(mail).toMatchObject({ to: adminEmail, template: 'password-link' });
    const { link = '' } = mail?.data ?? {};
    expect(link).toMatch(/^http:\/\/localhost(:\d+)?\/app\/new-password#[\w-]{43}$/);
    server.clock.advance(29 * 60_000);
    expect((await finish(new Jar(server), tokenOf(link))).body).toMatchObject({ must: null });
    expect((await signIn(new Jar(server), next)).status).toBe(200);
  });

  test('answers alike for strangers, and mails them nothing', async () => {
    await setUpMail();
    const unknown = await ask('nobody@hillside.example');
    const known = await ask(adminEmail);
    expect(unknown.status).toBe(known.status);
    expect(unknown.body).toEqual(known.body);
    await expect.poll(mails).toHaveLength(1);
    expect((await mails())[0]?.to).toBe(adminEmail);
  });

  test('asked for again and again leaves three mails an hour, of which the newest counts', async () => {
    await setUpMail();
    for (let index = 0; index < 6; index += 1) {
      expect((await ask(adminEmail)).status).toBe(200);
      await expect.poll(async () => (await mails()).length).toBe(Math.min(3, index + 1));
      server.clock.advance(1_000);
    }
    const links = (await mails()).map(({ data }) => tokenOf(data.link ?? ''));
    expect((await finish(new Jar(server), links[1] ?? '')).code).toBe('link-invalid');
    expect((await finish(new Jar(server), links[0] ?? '')).status).toBe(200);
  });

  test('leads to this machine, whatever host the request claims', async () => {
    await setUpMail();
    const headers = { host: 'localhost.evil.example', origin: 'http://localhost.evil.example' };
    const refused = await ask(adminEmail, new Jar(server), headers);
    expect(refused.code).toBe('secure-only');
    const proxied = await startTestServer({ config: { trustedProxies: new Set([proxyAddress]) } });
    try {
      const admin = await setUpAdmin(proxied);
      await admin.post('/api/mail/settings', mailServer);
      const far = new Jar(proxied, { address: '203.0.113.5' });
      const evil = { host: 'evil.example', origin: 'https://evil.example' };
      expect((await ask(adminEmail, far, evil)).status).toBe(200);
      const sent = () => listMail(proxied.app.store, 5);
      await expect.poll(sent).toHaveLength(1);
      expect((await sent())[0]?.data.link).not.toContain('evil');
    } finally {
      await proxied[Symbol.asyncDispose]();
    }
  });
});
