import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listMail } from '../src/store/mail.ts';
import { countRows, eventTypes } from './account-rows.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { adminEmail, Jar, setUpAdmin, times } from './jar.ts';

const password = 'a ladder made of rain';
let server: TestServer<FakeClock>;
let admin: Jar;

beforeEach(async () => {
  server = await startTestServer();
  admin = await setUpAdmin(server);
});
afterEach(() => server[Symbol.asyncDispose]());

const outbox = async () => (await listMail(server.app.store, 50)).toReversed();

/** A mail server that nobody reaches: mails stay in the outbox. */
const setMailServer = () =>
  admin.post('/api/mail/settings', {
    host: '127.0.0.1',
    port: 9,
    security: 'none',
    user: '',
    password: '',
    from: 'muster@example.org',
  });
const allow = (domains: readonly string[]) => admin.post('/api/registration/settings', { domains });
const request = (email: string, number = '4711', name = 'Nora New', headers = {}) =>
  new Jar(server).post('/api/registration', { email, number, name }, headers);
/** With the mail, for which the answer does not wait. */
async function ask(...asked: Parameters<typeof request>) {
  const { length } = await outbox();
  const reply = await request(...asked);
  if (reply.status === 200) await expect.poll(outbox).toHaveLength(length + 1);
  return reply;
}
async function linkOf(email: string): Promise<string> {
  const mail = (await outbox()).findLast(({ to }) => to === email);
  return new URL(mail?.data.link ?? '').hash.slice(1);
}
const finish = (jar: Jar, token: string, chosen = password) =>
  jar.post('/api/registration/finish', { token, password: chosen });

describe('registering by oneself', () => {
  test('is closed until a domain is named and a mail server is set', async () => {
    const state = async () => (await new Jar(server).get('/api/registration')).body;
    expect(await state()).toMatchObject({ open: false, domains: [] });
    expect((await ask('nora@example.org')).code).toBe('not-allowed');
    expect((await allow(['example.org'])).status).toBe(200);
    expect(await state()).toMatchObject({ open: false });
    await setMailServer();
    expect(await state()).toMatchObject({ open: true, domains: ['example.org'] });
    expect((await ask('nora@sub.example.org')).code).toBe('not-allowed');
    expect((await ask('nora@example.org.evil.example')).code).toBe('not-allowed');
    expect((await allow(['not a domain'])).code).toBe('input-invalid');
    expect(await eventTypes(server)).toContain('registration.changed');
    expect(await outbox()).toEqual([]);
  });

  test('makes an attendee by a mailed link, which works once', async () => {
    await setMailServer();
    await allow(['example.org']);
    expect((await ask('Nora@Example.org')).status).toBe(200);
    const token = await linkOf('nora@example.org');
    const view = await new Jar(server).post('/api/registration/view', { token });
    expect(view.body).toMatchObject({
      number: '4711',
      name: 'Nora New',
      email: 'nora@example.org',
    });
    expect((await finish(new Jar(server), token, 'short')).code).toBe('password-short');
    const jars = [1, 2, 3, 4].map(() => new Jar(server));
    const replies = await times(4, (index) => finish(jars[index] as Jar, token));
    const codes = replies.map(({ status, code }) => code ?? status);
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(await countRows(server, 'credential')).toBe(2);
    const nora = jars[codes.indexOf(200)] as Jar;
    expect((await nora.get('/api/me')).body.roles).toEqual(['attendee']);
    expect((await nora.get('/api/groups')).status).toBe(403);
    expect((await finish(new Jar(server), token)).code).toBe('link-invalid');
  });

  test('answers alike for an address that is known, and tells its owner by mail', async () => {
    await setMailServer();
    await allow(['example.org', 'hillside.example']);
    const known = await ask(adminEmail);
    const unknown = await ask('nora@example.org');
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect((await outbox()).map(({ to, template }) => [to, template]).sort()).toEqual([
      [adminEmail, 'registration-known'],
      ['nora@example.org', 'registration'],
    ]);
    expect(await countRows(server, 'person')).toBe(1);
  });

  test('answers before anything is looked up', async () => {
    await setMailServer();
    await allow(['hillside.example']);
    await server.app.leases[Symbol.asyncDispose]();
    const { engine } = server.app.store;
    const { write } = engine;
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    let writes = 0;
    const late: typeof write = async (work) => {
      writes += 1;
      // that it was asked is counted first
      if (writes > 1) await answered;
      return write.call(engine, work) as never;
    };
    Object.assign(engine, { write: late });
    expect((await request(adminEmail)).status).toBe(200);
    answer();
    await expect.poll(outbox).toHaveLength(1);
  });

  test('gives whom an administrator knows by the address their own account, and never another', async () => {
    await setMailServer();
    await allow(['example.org']);
    const group = (await admin.post('/api/groups', { name: 'Physics' })).body.id;
    const petra = { number: '0815', name: 'Petra Pupil', email: 'petra@example.org' };
    const { person } = (await admin.post(`/api/groups/${group}/people`, petra)).body;
    await admin.post(`/api/groups/${group}/people`, { number: '4711', name: 'Otto Other' });
    // whatever number and name are typed: the address decides
    expect((await ask('Petra@example.org', '4711', 'Otto Other')).status).toBe(200);
    const token = await linkOf('petra@example.org');
    const view = await new Jar(server).post('/api/registration/view', { token });
    expect(view.body).toMatchObject({ known: true, number: '0815', name: 'Petra Pupil' });
    const jars = [new Jar(server), new Jar(server)];
    const replies = await times(2, (index) => finish(jars[index] as Jar, token));
    const codes = replies.map(({ status, code }) => code ?? status);
    expect(codes.sort()).toEqual([200, 'link-invalid']);
    const jar = jars[replies.findIndex(({ status }) => status === 200)] as Jar;
    expect((await jar.get('/api/me')).body).toMatchObject({ id: person, roles: ['attendee'] });
    expect((await jar.get('/api/me/person')).body.groups).toMatchObject([{ name: 'Physics' }]);
    expect(await countRows(server, 'person')).toBe(3);
    // from now on the address has an account
    server.clock.advance(1_000);
    await ask('petra@example.org', '0815');
    expect((await outbox()).at(-1)?.template).toBe('registration-known');
  });

  test('gives nobody an account who got a role, another address or none any more meanwhile', async () => {
    await setMailServer();
    await allow(['example.org']);
    const add = async (name: string) => {
      const email = `${name}@example.org`;
      const { person } = (await admin.post('/api/people', { number: name, name, email })).body;
      await ask(email);
      return { person, email, token: await linkOf(email) };
    };
    const role = await add('role');
    const moved = await add('moved');
    const away = await add('away');
    await admin.post(`/api/people/${role.person}/roles`, { roles: ['auditor'] });
    await admin.post(`/api/people/${moved.person}`, { email: 'elsewhere@example.org' });
    await admin.post(`/api/people/${away.person}/deactivate`);
    for (const { token, email } of [role, moved, away]) {
      expect((await finish(new Jar(server), token)).code, email).toBe('link-invalid');
    }
    expect(await countRows(server, 'credential')).toBe(1);
    server.clock.advance(1_000);
    await ask(role.email);
    expect((await outbox()).at(-1)?.template).toBe('registration-known');
  });

  test('gives nobody a number that somebody has', async () => {
    await setMailServer();
    await allow(['example.org']);
    const group = (await admin.post('/api/groups', { name: 'Physics' })).body.id;
    await admin.post(`/api/groups/${group}/people`, { number: '4711', name: 'Petra Pupil' });
    expect((await ask('nora@example.org')).status).toBe(200);
    const token = await linkOf('nora@example.org');
    expect((await finish(new Jar(server), token)).code).toBe('number-taken');
  });

  test('ends with the link, and when the domain is taken away', async () => {
    await setMailServer();
    await allow(['example.org']);
    await ask('nora@example.org');
    const token = await linkOf('nora@example.org');
    await allow([]);
    expect((await finish(new Jar(server), token)).code).toBe('link-invalid');
    await allow(['example.org']);
    server.clock.advance(2 * 3_600_000);
    expect((await finish(new Jar(server), token)).code).toBe('link-invalid');
  });

  test('mails one address three times an hour, known or not', async () => {
    await setMailServer();
    await allow(['example.org', 'hillside.example']);
    for (const email of [adminEmail, 'nora@example.org']) {
      const replies = [];
      for (let turn = 0; turn < 5; turn += 1) replies.push(await ask(email));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    }
    expect(await outbox()).toHaveLength(6);
  });

  test('leads to an address of this installation, whatever host a request names', async () => {
    await setMailServer();
    await allow(['example.org']);
    const evil = { host: 'evil.example', origin: 'http://evil.example' };
    await ask('nora@example.org', '4711', 'Nora New', evil);
    for (const { data } of await outbox()) expect(data.link).not.toContain('evil');
  });

  test('leaves no mail and no link behind of somebody who is erased', async () => {
    await setMailServer();
    await allow(['example.org']);
    const petra = { number: '0815', name: 'Petra Pupil', email: 'petra@example.org' };
    await ask(petra.email);
    const { person } = (await admin.post('/api/people', petra)).body;
    await ask(petra.email);
    await ask('nora@example.org');
    const { body } = await admin.get(`/api/people/${person}/data`);
    expect(body.mails).toHaveLength(2);
    await admin.post(`/api/people/${person}/erase`, { name: petra.name });
    expect((await outbox()).map(({ to }) => to)).toEqual(['nora@example.org']);
    expect(await countRows(server, 'mailed_link')).toBe(1);
  });
});
