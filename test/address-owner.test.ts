import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../src/core/brand.ts';
import { commit } from '../src/store/ledger.ts';
import { listMail } from '../src/store/mail.ts';
import { peopleStream } from '../src/store/store.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { inviteAndAccept, Jar, setUpAdmin, tokenOf } from './jar.ts';

let server: TestServer<FakeClock>;
let admin: Jar;
let host: Jar;
let group: string;

beforeEach(async () => {
  server = await startTestServer();
  admin = await setUpAdmin(server);
  group = (await admin.post('/api/groups', { name: 'Physics' })).body.id;
  const henri = { name: 'Henri Host', email: 'henri@example.org', groups: [group] };
  ({ jar: host } = await inviteAndAccept(server, admin, henri));
  await admin.post('/api/mail/settings', {
    host: '127.0.0.1',
    port: 9,
    security: 'none',
    user: '',
    password: '',
    from: 'muster@example.org',
  });
  await admin.post('/api/registration/settings', { domains: ['example.org'] });
});
afterEach(() => server[Symbol.asyncDispose]());

const lastMail = async () => (await listMail(server.app.store, 1))[0];
const enrol = async (by: Jar, person: { number: string; name: string; email?: string }) =>
  (await by.post(`/api/groups/${group}/people`, person)).body.person as string;
/** With the mail, for which the answer does not wait. */
async function register(email: string) {
  const outbox = () => listMail(server.app.store, 50);
  const { length } = await outbox();
  const reply = await new Jar(server).post('/api/registration', {
    email,
    number: '9999',
    name: 'X Y',
  });
  await expect.poll(outbox).toHaveLength(length + 1);
  return reply;
}

test('a host writes no address of their own for somebody with an account, whatever their role', async () => {
  const people = [
    ['auditor', { number: '1', name: 'Aura Auditor', email: 'aura@example.org' }],
    ['supervisor', { number: '2', name: 'Sven Supervisor', email: 'sven@example.org' }],
    ['attendee', { number: '3', name: 'Petra Pupil', email: 'petra@example.org' }],
  ] as const;
  for (const [role, { number, name, email }] of people) {
    const person = await enrol(admin, { number, name, email });
    await admin.post(`/api/people/${person}/roles`, { roles: role === 'attendee' ? [] : [role] });
    await admin.post(`/api/people/${person}/password`);
    const path = `/api/groups/${group}/people/${person}`;
    const mine = { email: `${role}-mine@example.org` };
    expect((await host.post(path, mine)).code, role).toBe('not-allowed');
    await host.post(`/api/groups/${group}/roster/apply`, {
      text: `number,name,email\n${number},${name},${mine.email}\n`,
    });
    expect((await admin.get(`/api/people/${person}`)).body.email, role).toBe(email);
  }
});

test('an address that a host wrote leads to no account', async () => {
  const person = await enrol(admin, { number: '4', name: 'Paul Pupil', email: 'paul@example.org' });
  const path = `/api/groups/${group}/people/${person}`;
  expect((await host.post(path, { email: 'henri-2@example.org' })).status).toBe(200);
  await enrol(host, { number: '5', name: 'Pia Pupil', email: 'pia@example.org' });
  for (const email of ['henri-2@example.org', 'pia@example.org']) {
    expect((await register(email)).status).toBe(200);
    server.clock.advance(1_000);
    expect(await lastMail(), email).toMatchObject({ to: email, template: 'registration-known' });
  }
  // a guest who turned out to be them says nothing of the address
  const pat = await enrol(admin, { number: '40', name: 'Pat Pupil', email: 'pat@example.org' });
  await commit(server.app.store, ({ now, append }) =>
    append([
      {
        stream: peopleStream,
        type: 'person.merged',
        occurredAt: now,
        actor: 'somebody',
        subject: pat as PersonId,
        facts: { alias: 'guest' },
      },
    ]),
  );
  await register('pat@example.org');
  server.clock.advance(1_000);
  expect(await lastMail()).toMatchObject({ to: 'pat@example.org', template: 'registration' });
  // what a host changes besides does not take the administrator's word away, and theirs counts again
  await admin.post(`/api/people/${person}`, { email: 'paul@example.org' });
  await host.post(path, { name: 'Paul Q. Pupil' });
  await register('paul@example.org');
  server.clock.advance(1_000);
  const mail = await lastMail();
  expect(mail).toMatchObject({ to: 'paul@example.org', template: 'registration' });
  // a link that was mailed before a host wrote the address again is good for nothing
  await host.post(path, { email: null });
  await host.post(path, { email: 'paul@example.org' });
  const token = tokenOf(mail?.data.link ?? '');
  const password = 'a ladder made of rain';
  const late = await new Jar(server).post('/api/registration/finish', { token, password });
  expect(late.code).toBe('link-invalid');
});

test('no link to a new password goes to an address that a host wrote', async () => {
  const person = await enrol(host, { number: '9', name: 'Pam Pupil', email: 'mine@example.org' });
  await admin.post(`/api/people/${person}/password`);
  const ask = async () => {
    const reply = await new Jar(server).post('/api/password-reset', { login: '9' });
    expect(reply.status).toBe(200);
  };
  await ask();
  await admin.post(`/api/people/${person}`, { email: 'pam@example.org' });
  await ask();
  const mails = async () =>
    (await listMail(server.app.store, 10)).map(({ to, template }) => [to, template]);
  await expect.poll(mails).toEqual([['pam@example.org', 'password-link']]);
});

test('what an administrator wrote holds when they are none any more, and what they write then does not', async () => {
  const paula = { number: '7', name: 'Paula Pupil', email: 'paula@example.org' };
  const anna = { name: 'Anna Admin', email: 'anna@example.org', role: 'admin' } as const;
  const { jar, me } = await inviteAndAccept(server, admin, anna);
  await enrol(jar, paula);
  server.clock.advance(1_000);
  await admin.post(`/api/people/${me.id}/roles`, { roles: ['host'] });
  await admin.post(`/api/groups/${group}/hosts`, { hosts: [me.id] });
  server.clock.advance(1_000);
  await enrol(jar, { number: '8', name: 'Pit Pupil', email: 'pit@example.org' });
  for (const [email, template] of [
    [paula.email, 'registration'],
    ['pit@example.org', 'registration-known'],
  ] as const) {
    await register(email);
    server.clock.advance(1_000);
    expect(await lastMail()).toMatchObject({ to: email, template });
  }
});

test('whoever is held does not read it in their own details', async () => {
  const person = await enrol(admin, { number: '6', name: 'Hal Held', email: 'hal@example.org' });
  const { body } = await admin.post(`/api/people/${person}/password`);
  const jar = new Jar(server);
  await jar.post('/api/sign-in', { login: '6', password: body.password });
  const next = 'a ladder made of rain';
  await jar.post('/api/password', { current: body.password, next });
  const hold = await admin.post(`/api/people/${person}/legal-hold/place`, { reason: 'A case' });
  expect(hold.status).toBe(200);
  const own = await jar.get('/api/me/person');
  expect(own).toMatchObject({ status: 200, body: { name: 'Hal Held' } });
  expect(JSON.stringify(own.body)).not.toContain('held');
});
