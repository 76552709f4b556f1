import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventTypes } from './account-rows.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { Authenticator } from './authenticator.ts';
import {
  adminPassword,
  hostPassword,
  inviteAndAccept,
  Jar,
  proxyAddress,
  setUpAdmin,
  signIn,
  times,
} from './jar.ts';

const benEmail = 'ben@hillside.example';
let server: TestServer<FakeClock>;

beforeEach(async () => {
  server = await startTestServer({ config: { trustedProxies: new Set([proxyAddress]) } });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const codeAt = (secret: string, stepsAhead = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: server.clock.now() + stepsAhead * 30_000,
  });

/** Sets an authenticator up; time moves on, so that its first code is of the past. */
async function addTotp(jar: Jar, password = adminPassword) {
  const { body: offer } = await jar.post('/api/totp/begin', { password });
  const reply = await jar.post('/api/totp/confirm', {
    offer: offer.offer,
    code: codeAt(offer.secret),
  });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  server.clock.advance(60_000);
  return { secret: offer.secret as string, codes: reply.body.codes as string[], offer };
}

const giveCode = (jar: Jar, code: string) => jar.post('/api/sign-in/code', { code });

describe('an authenticator', () => {
  test('is kept once a code shows that it has the secret, and gives ten recovery codes', async () => {
    const admin = await setUpAdmin(server);
    expect((await admin.post('/api/totp/begin', { password: 'not it at all' })).code).toBe(
      'password-wrong',
    );
    const { body: offer } = await admin.post('/api/totp/begin', { password: adminPassword });
    expect(offer.uri).toMatch(/^otpauth:\/\/totp\/Muster%20Hillside%20School:amara%40hillside/);
    const wrong = await admin.post('/api/totp/confirm', { offer: offer.offer, code: '000000' });
    expect(wrong.code).toBe('second-step-wrong');
    expect((await admin.get('/api/second-step')).body.totpSince).toBeNull();
    const { codes } = await addTotp(admin);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    expect((await admin.get('/api/second-step')).body).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await eventTypes(server)).toContain('totp.added');
  });

  test('offered to one person is no offer to another, and ends after a quarter of an hour', async () => {
    const admin = await setUpAdmin(server);
    const { jar: ben } = await inviteAndAccept(server, admin, { name: 'Ben', email: benEmail });
    const { body } = await admin.post('/api/totp/begin', { password: adminPassword });
    const confirm = (jar: Jar) =>
      jar.post('/api/totp/confirm', { offer: body.offer, code: codeAt(body.secret) });
    expect((await confirm(ben)).code).toBe('second-step-over');
    server.clock.advance(15 * 60_000);
    expect((await confirm(admin)).code).toBe('second-step-over');
  });

  test('is asked for after the password, and the password alone opens nothing', async () => {
    const { secret } = await addTotp(await setUpAdmin(server));
    const jar = new Jar(server);
    const half = await signIn(jar, adminPassword);
    expect(half.body).toEqual({ secondStep: 'code' });
    expect(half.setCookies).toHaveLength(1);
    expect(half.setCookies[0]).toMatch(/^muster_step=.*; HttpOnly; SameSite=Strict$/);
    expect((await jar.get('/api/me')).code).toBe('sign-in-needed');
    const whole = await giveCode(jar, codeAt(secret));
    expect(whole.body).toMatchObject({ name: 'Amara Okafor' });
    expect(jar.cookies.has('muster_step')).toBe(false);
    expect((await jar.get('/api/me')).status).toBe(200);
  });

  test('takes each code once, also of many at once, and of the neighbouring steps', async () => {
    const { secret } = await addTotp(await setUpAdmin(server));
    const jars = await times(4, async () => {
      const jar = new Jar(server);
      await signIn(jar, adminPassword);
      return jar;
    });
    const replies = await Promise.all(jars.map((jar) => giveCode(jar, codeAt(secret))));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const late = jars[replies.findIndex(({ status }) => status !== 200)] as Jar;
    expect((await giveCode(late, codeAt(secret, -1))).code).toBe('second-step-wrong');
    expect((await giveCode(late, codeAt(secret, 2))).code).toBe('second-step-wrong');
    expect((await giveCode(late, codeAt(secret, 1))).status).toBe(200);
  });

  test('wants the code in the browser of the password, in five minutes, for that password', async () => {
    const admin = await setUpAdmin(server);
    const { secret } = await addTotp(admin);
    expect((await giveCode(new Jar(server), codeAt(secret))).code).toBe('second-step-over');
    const jar = new Jar(server);
    await signIn(jar, adminPassword);
    const forged = new Jar(server);
    const [person = '', until = '', mac = ''] = (jar.cookies.get('muster_step') ?? '').split('.');
    forged.cookies.set('muster_step', `${person}.${Number(until) + 1}.${mac}`);
    expect((await giveCode(forged, codeAt(secret))).code).toBe('second-step-over');
    const changed = new Jar(server);
    await signIn(changed, adminPassword);
    const next = 'a ladder made of rain';
    await admin.post('/api/password', { current: adminPassword, next });
    expect((await giveCode(changed, codeAt(secret))).code).toBe('second-step-over');
    await signIn(jar, next);
    server.clock.advance(5 * 60_000);
    expect((await giveCode(jar, codeAt(secret))).code).toBe('second-step-over');
  });

  test('is not guessed: of fifty wrong codes at once five are looked at', async () => {
    const { secret } = await addTotp(await setUpAdmin(server));
    const jar = new Jar(server);
    await signIn(jar, adminPassword);
    jar.cookies.delete('muster_device');
    const wrong = codeAt(secret) === '123456' ? '654321' : '123456';
    const replies = await times(50, () => giveCode(jar, wrong));
    expect(replies.filter(({ code }) => code === 'second-step-wrong')).toHaveLength(5);
    expect(replies.filter(({ code }) => code === 'sign-in-throttled')).toHaveLength(45);
    expect((await giveCode(jar, codeAt(secret))).code).toBe('sign-in-throttled');
  });

  test('is removed with the password, and its recovery codes with it', async () => {
    const admin = await setUpAdmin(server);
    const { codes } = await addTotp(admin);
    expect((await admin.post('/api/totp/remove', { password: 'not it at all' })).code).toBe(
      'password-wrong',
    );
    const half = new Jar(server);
    await signIn(half, adminPassword);
    expect((await admin.post('/api/totp/remove', { password: adminPassword })).status).toBe(200);
    expect((await giveCode(half, codes[0] ?? '')).code).toBe('second-step-wrong');
    expect((await signIn(new Jar(server), adminPassword)).body).toMatchObject({ must: null });
  });
});

describe('a recovery code', () => {
  test('works once, however it is typed, and stands nowhere in the clear', async () => {
    const admin = await setUpAdmin(server);
    const { codes } = await addTotp(admin);
    const [first = ''] = codes;
    const jar = new Jar(server);
    await signIn(jar, adminPassword);
    expect((await giveCode(jar, ` ${first.toLowerCase().replace('-', ' ')}`)).status).toBe(200);
    await signIn(jar, adminPassword);
    expect((await giveCode(jar, first)).code).toBe('second-step-wrong');
    expect((await admin.get('/api/second-step')).body.recoveryCodesLeft).toBe(9);
    const rows = await server.app.store.engine.read
      .selectFrom('recovery_code')
      .selectAll()
      .execute();
    const kept = JSON.stringify(rows) + server.logged();
    for (const code of codes) expect(kept).not.toContain(code.replace('-', ''));
  });

  test('of ten uses at once works once, and not at all once new ones are made', async () => {
    const admin = await setUpAdmin(server);
    const { codes } = await addTotp(admin);
    const jars = await times(4, async () => {
      const jar = new Jar(server);
      await signIn(jar, adminPassword);
      return jar;
    });
    const replies = await Promise.all(jars.map((jar) => giveCode(jar, codes[1] ?? '')));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const renewed = await admin.post('/api/recovery-codes', { password: adminPassword });
    expect(renewed.body.codes).toHaveLength(10);
    await signIn(jars[0] as Jar, adminPassword);
    expect((await giveCode(jars[0] as Jar, codes[2] ?? '')).code).toBe('second-step-wrong');
    expect((await giveCode(jars[0] as Jar, renewed.body.codes[2])).status).toBe(200);
  });
});

describe('where administrators need a second step', () => {
  test('who has none can set one up and do nothing else before', async () => {
    const admin = await setUpAdmin(server);
    const { jar: ben } = await inviteAndAccept(server, admin, { name: 'Ben', email: benEmail });
    expect((await ben.post('/api/organisation/second-step', { admins: true })).code).toBe(
      'not-allowed',
    );
    expect((await admin.post('/api/organisation/second-step', { admins: true })).status).toBe(200);
    expect((await admin.get('/api/me')).body.must).toBe('second-step');
    expect((await ben.get('/api/me')).body.must).toBeNull();
    for (const path of ['/api/groups', '/api/organisation', '/api/sign-ins']) {
      expect((await admin.get(path)).code, path).toBe('second-step-needed');
    }
    expect((await ben.get('/api/groups')).status).toBe(200);
    await addTotp(admin);
    expect((await admin.get('/api/me')).body.must).toBeNull();
    expect((await admin.get('/api/groups')).status).toBe(200);
    expect(await eventTypes(server)).toContain('second-step.required');
  });

  test('a passkey counts, and then the password alone no longer does', async () => {
    const admin = await setUpAdmin(server);
    await admin.post('/api/organisation/second-step', { admins: true });
    const { body: options } = await admin.post('/api/passkeys/begin', { password: adminPassword });
    const response = new Authenticator().create(options, 'http://localhost');
    expect((await admin.post('/api/passkeys', { name: '', response })).status).toBe(200);
    expect((await admin.get('/api/groups')).status).toBe(200);
    const reply = await signIn(new Jar(server), adminPassword);
    expect(reply.body).toEqual({ secondStep: 'passkey' });
    expect(reply.setCookies).toEqual([]);
  });
});

describe('a password that an administrator assigns', () => {
  test('is answered once, and has to be changed before anything else', async () => {
    const admin = await setUpAdmin(server);
    const { jar: ben, me } = await inviteAndAccept(server, admin, { name: 'Ben', email: benEmail });
    const path = `/api/people/${me.id}/password`;
    expect((await ben.post(path)).code).toBe('not-allowed');
    const { body } = await admin.post(path);
    expect(body.password).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
    expect((await ben.get('/api/me')).code).toBe('sign-in-needed');
    expect((await signIn(ben, hostPassword, benEmail)).code).toBe('sign-in-wrong');
    expect((await signIn(ben, body.password, benEmail)).body).toMatchObject({ must: 'password' });
    expect((await ben.get('/api/groups')).code).toBe('password-change-needed');
    expect((await ben.get('/api/second-step')).code).toBe('password-change-needed');
    const next = 'a ladder made of rain';
    const changed = await ben.post('/api/password', { current: body.password, next });
    expect(changed.status).toBe(200);
    expect((await ben.get('/api/groups')).status).toBe(200);
    expect((await ben.get('/api/me')).body.must).toBeNull();
    expect(await eventTypes(server)).toContain('password.assigned');
    expect(server.logged()).not.toContain(body.password);
  });

  test('lets in who had no account, and nobody assigns one to themselves', async () => {
    const admin = await setUpAdmin(server);
    const me = (await admin.get('/api/me')).body;
    expect((await admin.post(`/api/people/${me.id}/password`)).code).toBe('not-allowed');
    const { jar, me: ben } = await inviteAndAccept(server, admin, { name: 'Ben', email: benEmail });
    const { engine, organisation } = server.app.store;
    await engine.write(async (tx) => {
      for (const table of ['role', 'credential'] as const) {
        await tx
          .deleteFrom(table)
          .where('organisation', '=', organisation)
          .where('person', '=', ben.id)
          .execute();
      }
    });
    const { body } = await admin.post(`/api/people/${ben.id}/password`);
    const reply = await signIn(jar, body.password, benEmail);
    expect(reply.body).toMatchObject({ roles: ['attendee'], must: 'password' });
  });

  test('goes with lost second steps being taken away, by somebody else', async () => {
    const admin = await setUpAdmin(server);
    const { jar: ben, me } = await inviteAndAccept(server, admin, { name: 'Ben', email: benEmail });
    await addTotp(ben, hostPassword);
    expect((await signIn(ben, hostPassword, benEmail)).body).toEqual({ secondStep: 'code' });
    const path = `/api/people/${me.id}/second-step/clear`;
    expect((await admin.post(path)).status).toBe(200);
    expect((await admin.post(path)).code).toBe('not-found');
    expect((await signIn(ben, hostPassword, benEmail)).body).toMatchObject({ name: 'Ben' });
  });
});

describe('the history of sign-ins', () => {
  test('shows good and refused ones of one’s own account, with device and address', async () => {
    const admin = await setUpAdmin(server);
    await inviteAndAccept(server, admin, { name: 'Ben', email: benEmail });
    const far = new Jar(server, { address: '203.0.113.5', userAgent: 'Chrome/140.0 (Linux)' });
    await signIn(far, 'not the password');
    await expect
      .poll(async () => (await admin.get('/api/sign-in-history')).body[0])
      .toMatchObject({
        ok: false,
        how: 'password',
        device: 'Chrome, Linux',
        address: '203.0.113.5',
      });
    const { body } = await admin.get('/api/sign-in-history');
    expect(body).toHaveLength(2);
    expect(body[1]).toMatchObject({ ok: true, how: 'link' });
  });

  test('a flood of wrong passwords leaves five events an hour', async () => {
    await setUpAdmin(server);
    for (let round = 0; round < 4; round += 1) {
      await times(5, (index) => signIn(new Jar(server), `wrong ${index}`));
      // nobody waits for what is written down of them: it has begun before a transaction that comes after it
      await server.app.store.engine.write(async () => {});
      server.clock.advance(16 * 60_000);
    }
    const refused = async () =>
      (await eventTypes(server)).filter((type) => type === 'sign-in.refused').length;
    await expect.poll(refused).toBe(5);
    server.clock.advance(3_600_000);
    await signIn(new Jar(server), 'wrong once more');
    await expect.poll(refused).toBe(6);
  });
});
