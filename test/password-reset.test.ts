import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventTypes } from './account-rows.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import {
  adminEmail,
  adminPassword,
  hostPassword,
  inviteAndAccept,
  Jar,
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
    expect(body.link).toMatch(/^http:\/\/localhost\/app\/new-password#[\w-]{43}$/);
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

  test('stands nowhere in the clear', async () => {
    await setUpAdmin(server);
    const token = await resetToken();
    const rows = await server.app.store.engine.read.selectFrom('mailed_link').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(server.logged() + JSON.stringify(rows)).not.toContain(token);
  });
});
