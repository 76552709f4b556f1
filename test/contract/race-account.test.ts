// Accounts and people, wanted or changed at the same moment on two instances.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '../../src/core/brand.ts';
import { changePerson } from '../../src/store/person.ts';
import { openSignIn, rotateSecret } from '../../src/store/sign-in.ts';
import { organisationStream } from '../../src/store/store.ts';
import { countRows, eventTypes } from '../account-rows.ts';
import type { TestServer } from '../app.ts';
import { serverNames } from '../engines.ts';
import { type Instances, startInstances } from '../instances.ts';
import { adminPassword, Jar, setUpAdmin, signIn, times, tokenOf } from '../jar.ts';
import { beforeCommit, holdingStream } from './hold.ts';

/** The same browser at another instance. */
function at(server: TestServer<unknown>, jar: Jar): Jar {
  const other = new Jar(server);
  for (const [name, value] of jar.cookies) other.cookies.set(name, value);
  return other;
}

describe.each(serverNames)('on two instances over %s', (engine) => {
  let instances: Instances;
  let admin: Jar;
  const server = (index: number) => (index % 2 === 0 ? instances.first : instances.second);
  const admins = (index: number) => at(server(index), admin);
  const store = () => instances.first.app.store;
  const codes = (replies: readonly { status: number; code: string | undefined }[]) =>
    replies.map(({ status, code }) => code ?? status).sort();

  beforeEach(async () => {
    instances = await startInstances(engine);
    admin = await setUpAdmin(instances.first);
  });
  afterEach(() => instances[Symbol.asyncDispose]());

  const invite = async (name: string) => {
    const { body } = await admin.post('/api/invitations', { name, role: 'host', groups: [] });
    return tokenOf(body.link);
  };
  const accept = (index: number, token: string, email: string) =>
    new Jar(server(index)).post('/api/invitation/accept', {
      token,
      name: 'Henri Host',
      email,
      password: 'seven old trees whisper',
    });
  const addGroup = async (name: string) =>
    (await admin.post('/api/groups', { name })).body.id as string;

  test('of two administrators who demote each other at once one stays', async () => {
    const owner = (await admin.get('/api/me')).body.id;
    for (let round = 0; round < 4; round += 1) {
      const { body } = await admin.post('/api/invitations', {
        name: 'A',
        role: 'admin',
        groups: [],
      });
      const other = new Jar(instances.second);
      const accepted = await other.post('/api/invitation/accept', {
        token: tokenOf(body.link),
        name: 'Alan Admin',
        email: `alan${round}@example.org`,
        password: 'seven old trees whisper',
      });
      const replies = await Promise.all([
        admin.post(`/api/people/${accepted.body.id}/roles`, { roles: [] }),
        other.post(`/api/people/${owner}/roles`, { roles: [] }),
      ]);
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      const stayed = replies[0].status === 200 ? admin : other;
      const { body: lines } = await stayed.get('/api/roles');
      expect(lines).toHaveLength(1);
      if (stayed === other) {
        await other.post(`/api/people/${owner}/roles`, { roles: ['admin', 'host'] });
        await admin.post(`/api/people/${accepted.body.id}/roles`, { roles: [] });
      }
    }
  });

  test('one invitation accepted ten times makes one account', async () => {
    const token = await invite('Henri');
    const replies = await times(10, (index) => accept(index, token, `h${index}@example.org`));
    expect(codes(replies)).toEqual([200, ...Array(9).fill('link-invalid')]);
    expect(await countRows(instances.first, 'credential')).toBe(2);
  });

  test('of ten invitations accepted with one address one makes an account', async () => {
    const tokens: string[] = [];
    for (let index = 0; index < 10; index += 1) tokens.push(await invite(`Host ${index}`));
    const replies = await times(10, (index) =>
      accept(index, tokens[index] as string, 'same@example.org'),
    );
    expect(codes(replies)).toEqual([200, ...Array(9).fill('email-taken')]);
    expect(await countRows(instances.first, 'person')).toBe(2);
  });

  test('an address goes to the account or to the person on the roster, and to one of them', async () => {
    const group = await addGroup('Physics');
    for (let round = 0; round < 4; round += 1) {
      const token = await invite('Henri');
      const email = `wanted${round}@example.org`;
      const [account, person] = await Promise.all([
        accept(0, token, email),
        admins(1).post(`/api/groups/${group}/people`, { number: `${round}`, name: 'P', email }),
      ]);
      expect(codes([account, person])).toEqual([200, 'email-taken']);
    }
  });

  test('one number added to ten groups is one person in all of them', async () => {
    const groups = await times(10, (index) => addGroup(`Class ${index}`));
    const replies = await times(10, (index) =>
      admins(index).post(`/api/groups/${groups[index]}/people`, { number: '7', name: 'Zoë' }),
    );
    expect(codes(replies)).toEqual(Array(10).fill(200));
    expect(new Set(replies.map(({ body }) => body.person)).size).toBe(1);
    expect(await countRows(instances.first, 'person')).toBe(2);
  });

  test('of ten people given one number one gets it', async () => {
    const group = await addGroup('Physics');
    const people: string[] = [];
    for (let index = 0; index < 10; index += 1) {
      const person = { number: `1${index}`, name: `P ${index}` };
      const { body } = await admin.post(`/api/groups/${group}/people`, person);
      people.push(body.person);
    }
    const answers = await times(10, (index) =>
      changePerson(server(index).app.store, 'operator', people[index] as PersonId, {
        number: '99',
      }),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.code === 'number-taken')).toHaveLength(
      9,
    );
  });

  test('a password is changed once by those who know the present one', async () => {
    const next = (index: number) => `violet otter canyon ${index}`;
    const replies = await holdingStream(
      store(),
      organisationStream,
      [0, 1].map(
        (index) => () =>
          admins(index).post('/api/password', { current: adminPassword, next: next(index) }),
      ),
    );
    expect(codes(replies)).toEqual([200, 'password-wrong']);
    const winner = replies.findIndex(({ status }) => status === 200);
    expect((await signIn(new Jar(server(1)), next(winner))).status).toBe(200);
    expect((await signIn(new Jar(server(0)), next(1 - winner))).code).toBe('sign-in-wrong');
  });

  test('no sign-in by the old password outlives the change of it', async () => {
    const late = new Jar(server(1));
    const [entry, changed] = await holdingStream(store(), organisationStream, [
      () => signIn(late, adminPassword),
      () => admin.post('/api/password', { current: adminPassword, next: 'violet otter canyon 1' }),
    ]);
    expect(changed.status).toBe(200);
    expect(entry.status).toBe(200);
    expect((await late.get('/api/me')).status).toBe(401);
  });

  test('a sign-in gets one new secret, however many requests ask for it', async () => {
    const { sign_in: id } = await store()
      .engine.read.selectFrom('sign_in')
      .select('sign_in')
      .executeTakeFirstOrThrow();
    const before = await openSignIn(store(), id, instances.clock.now());
    const rotated = await beforeCommit(
      store(),
      (tx) => tx.updateTable('sign_in').set({ seen_at: 1 }).where('sign_in', '=', id).execute(),
      [0, 1].map(
        (index) => () =>
          rotateSecret(server(index).app.store, id, before?.secret ?? '', `secret ${index}`),
      ),
    );
    expect([...rotated].sort()).toEqual([false, true]);
    const after = await openSignIn(store(), id, instances.clock.now());
    expect(after?.secret).toBe(`secret ${rotated.indexOf(true)}`);
    expect(after?.oldSecret).toBe(before?.secret);
  });

  test('what the organisation is called is what its last event says', async () => {
    const settings = { zone: 'Europe/Berlin', language: 'en', words: 'school', dayFiles: false };
    const names = await times(10, async (index) => {
      const name = `School ${index}`;
      const { status } = await admins(index).post('/api/organisation', { ...settings, name });
      expect(status).toBe(200);
      return name;
    });
    const { engine: database, vault } = store();
    const row = await database.read
      .selectFrom('organisation')
      .select('name')
      .executeTakeFirstOrThrow();
    expect(names).toContain(row.name);
    const events = await database.read
      .selectFrom('event')
      .select(['id', 'payload'])
      .where('type', '=', 'organisation.changed')
      .orderBy('seq', 'desc')
      .execute();
    const told = events.map(({ id, payload }) =>
      JSON.parse(vault.openPayload(id, null, payload as Uint8Array).data),
    );
    // what was before a change is what the change before it made
    expect(told.map(({ after }) => after.name)).toEqual([
      row.name,
      ...told.slice(0, -1).map(({ before }) => before.name),
    ]);
  });

  test('who hosts a group is what its last event says', async () => {
    const group = await addGroup('Physics');
    const hosts: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const { body } = await accept(index, await invite('Host'), `host${index}@example.org`);
      hosts.push(body.id);
    }
    const replies = await times(9, (index) =>
      admins(index).post(`/api/groups/${group}/hosts`, { hosts: [hosts[index % 3]] }),
    );
    expect(codes(replies)).toEqual(Array(9).fill(200));
    const rows = await store()
      .engine.read.selectFrom('group_host')
      .select('person')
      .where('group', '=', group)
      .execute();
    const { facts } = await store()
      .engine.read.selectFrom('event')
      .select('facts')
      .where('stream', '=', `group:${group}`)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(facts).after).toEqual(rows.map(({ person }) => person));
    const changes = (await eventTypes(instances.first)).filter((type) => type === 'hosts.changed');
    expect(changes.length).toBe(10);
  });
});
