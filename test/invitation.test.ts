import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countRows, eventTypes } from './account-rows.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import {
  adminEmail,
  adminPassword,
  hostPassword,
  Jar,
  proxyAddress,
  setUpAdmin,
  signIn,
  times,
  tokenOf,
} from './jar.ts';

const dayMs = 24 * 3_600_000;
let server: TestServer<FakeClock>;

beforeEach(async () => {
  server = await startTestServer({ config: { trustedProxies: new Set([proxyAddress]) } });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
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

  test('is over once whoever made it no longer administers: nobody comes back by their own', async () => {
    const admin = await setUpAdmin(server);
    const other = new Jar(server);
    const token = await inviteBen(admin, { role: 'admin' });
    const { body: me } = await other.post('/api/invitation/accept', { ...form, token });
    const path = `/api/people/${me.id}`;
    const own = await inviteBen(other, { role: 'admin' });
    const email = 'ben.again@hillside.example';
    const accept = () =>
      new Jar(server).post('/api/invitation/accept', { ...form, email, token: own });
    for (const [undo, redo] of [
      [() => admin.post(`${path}/roles`, { roles: ['host'] }), { roles: ['admin'] }],
      [() => admin.post(`${path}/deactivate`, {}), null],
    ] as const) {
      expect((await undo()).status).toBe(200);
      expect((await accept()).code).toBe('link-invalid');
      const view = await new Jar(server).post('/api/invitation', { token: own });
      expect(view.code).toBe('link-invalid');
      const { body: all } = await admin.get('/api/invitations');
      expect(all.map(({ state }: { state: string }) => state).sort()).toEqual(['revoked', 'used']);
      if (redo) expect((await admin.post(`${path}/roles`, redo)).status).toBe(200);
    }
    expect((await admin.post(`${path}/reactivate`, {})).status).toBe(200);
    expect((await accept()).body).toMatchObject({ roles: ['admin', 'host'] });
  });

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
    expect(await countRows(server, 'person')).toBe(2);
    expect((await eventTypes(server)).filter((type) => type === 'invitation.used')).toHaveLength(1);
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
    expect((await accept({ email: adminEmail })).code).toBe('email-taken');
    expect((await accept({})).status).toBe(200);
  });

  test('names groups that exist, and a free address', async () => {
    const admin = await setUpAdmin(server);
    const ask = (change: object) =>
      admin.post('/api/invitations', { name: 'Ben', role: 'host', groups: [], ...change });
    expect((await ask({ groups: ['00000000-0000-7000-8000-000000000000'] })).code).toBe(
      'not-found',
    );
    expect((await ask({ email: adminEmail })).code).toBe('email-taken');
    expect((await ask({ role: 'owner' })).code).toBe('input-invalid');
  });
});
