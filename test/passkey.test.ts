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
  type Reply,
  setUpAdmin,
} from './jar.ts';

const origin = 'http://localhost';
let server: TestServer<FakeClock>;

beforeEach(async () => {
  server = await startTestServer({ config: { trustedProxies: new Set([proxyAddress]) } });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

async function addPasskey(jar: Jar, password = adminPassword): Promise<Authenticator> {
  const authenticator = new Authenticator();
  const { body: options } = await jar.post('/api/passkeys/begin', { password });
  const response = authenticator.create(options, origin);
  const reply = await jar.post('/api/passkeys', { name: 'Desk', response });
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return authenticator;
}

const challenge = async (jar: Jar) => (await jar.post('/api/passkey/challenge')).body;

const show = (jar: Jar, response: unknown): Promise<Reply> =>
  jar.post('/api/passkey/sign-in', { response });

describe('a passkey', () => {
  test('signs in by itself, without a name, and is listed', async () => {
    const admin = await setUpAdmin(server);
    const authenticator = await addPasskey(admin);
    const { body } = await admin.get('/api/second-step');
    expect(body).toMatchObject({ ways: 'here', passkeys: [{ name: 'Desk', usedAt: null }] });
    const jar = new Jar(server);
    const reply = await show(jar, authenticator.get(await challenge(jar), origin));
    expect(reply.body).toMatchObject({ name: 'Amara Okafor', must: null });
    expect((await jar.get('/api/me')).status).toBe(200);
    const after = (await jar.get('/api/second-step')).body.passkeys[0];
    expect(after.usedAt).toBe(server.clock.now());
    expect(await eventTypes(server)).toEqual(expect.arrayContaining(['passkey.added']));
  });

  test('is added with the password only, and for one account once', async () => {
    const admin = await setUpAdmin(server);
    expect((await admin.post('/api/passkeys/begin', { password: 'not it at all' })).code).toBe(
      'password-wrong',
    );
    const authenticator = new Authenticator();
    const begin = async () =>
      (await admin.post('/api/passkeys/begin', { password: adminPassword })).body;
    const response = authenticator.create(await begin(), origin);
    expect((await admin.post('/api/passkeys', { name: '', response })).status).toBe(200);
    expect((await admin.post('/api/passkeys', { name: '', response })).code).toBe(
      'passkey-refused',
    );
    const again = authenticator.create(await begin(), origin);
    expect((await admin.post('/api/passkeys', { name: '', response: again })).code).toBe(
      'passkey-refused',
    );
  });

  test('made from the challenge of another person is refused', async () => {
    const admin = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'b@h.example',
    });
    const { body } = await host.post('/api/passkeys/begin', { password: hostPassword });
    const response = new Authenticator().create(body, origin);
    expect((await admin.post('/api/passkeys', { name: '', response })).code).toBe(
      'passkey-refused',
    );
  });

  test('is refused from another site, for another site, and without its owner', async () => {
    const authenticator = await addPasskey(await setUpAdmin(server));
    const jar = new Jar(server);
    const foreign = authenticator.get(await challenge(jar), 'http://localhost.evil.example');
    expect((await show(jar, foreign)).code).toBe('passkey-refused');
    authenticator.userVerified = false;
    const unseen = authenticator.get(await challenge(jar), origin);
    expect((await show(jar, unseen)).code).toBe('passkey-refused');
    expect((await show(jar, new Authenticator().get(await challenge(jar), origin))).code).toBe(
      'passkey-refused',
    );
    const elsewhere = new Jar(server, { address: '203.0.113.5' });
    const far = authenticator.get(await challenge(elsewhere), elsewhere.origin);
    expect((await show(elsewhere, far)).code).toBe('passkey-refused');
    expect(jar.cookies.has('muster')).toBe(false);
  });

  test('answers a challenge once, in five minutes, and only one that we made', async () => {
    const authenticator = await addPasskey(await setUpAdmin(server));
    const jar = new Jar(server);
    const response = authenticator.get(await challenge(jar), origin);
    expect((await show(jar, response)).status).toBe(200);
    expect((await show(new Jar(server), response)).code).toBe('passkey-refused');
    const late = authenticator.get(await challenge(jar), origin);
    server.clock.advance(5 * 60_000);
    expect((await show(jar, late)).code).toBe('passkey-refused');
    const own = Buffer.alloc(40).toString('base64url');
    expect((await show(jar, authenticator.get({ challenge: own }, origin))).code).toBe(
      'passkey-refused',
    );
  });

  test('of ten answers to one challenge at once one is taken', async () => {
    const authenticator = await addPasskey(await setUpAdmin(server));
    const response = authenticator.get(await challenge(new Jar(server)), origin);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => show(new Jar(server), response)),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('whose counter went back is refused: there may be a copy', async () => {
    const authenticator = await addPasskey(await setUpAdmin(server));
    const jar = new Jar(server);
    const use = async (counter: number) => {
      authenticator.counter = counter;
      return show(jar, authenticator.get(await challenge(jar), origin));
    };
    expect((await use(7)).status).toBe(200);
    for (const counter of [7, 6, 0]) expect((await use(counter)).code).toBe('passkey-refused');
    expect((await use(8)).status).toBe(200);
  });

  test('shown for another person is refused', async () => {
    const admin = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'b@h.example',
    });
    const theirs = await addPasskey(admin);
    const own = await addPasskey(host, hostPassword);
    own.userHandle = theirs.userHandle;
    const jar = new Jar(server);
    expect((await show(jar, own.get(await challenge(jar), origin))).code).toBe('passkey-refused');
  });

  test('is removed with the password, by its owner, and then opens nothing', async () => {
    const admin = await setUpAdmin(server);
    const { jar: host } = await inviteAndAccept(server, admin, {
      name: 'Ben',
      email: 'b@h.example',
    });
    const authenticator = await addPasskey(admin);
    const { id } = (await admin.get('/api/second-step')).body.passkeys[0];
    const path = `/api/passkeys/${id}/remove`;
    expect((await admin.post(path, { password: 'not it at all' })).code).toBe('password-wrong');
    expect((await host.post(path, { password: hostPassword })).code).toBe('not-found');
    expect((await admin.post(path, { password: adminPassword })).status).toBe(200);
    const jar = new Jar(server);
    expect((await show(jar, authenticator.get(await challenge(jar), origin))).code).toBe(
      'passkey-refused',
    );
  });

  test('needs a name: at a bare address it is refused with the reason', async () => {
    const admin = await setUpAdmin(server);
    const headers = { host: '127.0.0.1', origin: 'http://127.0.0.1' };
    const reply = await admin.post('/api/passkey/challenge', {}, headers);
    expect(reply.code).toBe('passkeys-unavailable');
    expect(reply.body.detail).toEqual({ reason: 'bare-address' });
    expect((await admin.get('/api/second-step', { host: '127.0.0.1' })).body.ways).toBe(
      'bare-address',
    );
  });
});
