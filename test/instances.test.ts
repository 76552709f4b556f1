// What one instance does, the other knows: two servers over one database, on each engine that can carry them.
import { describe, expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import type { Receipt } from '../src/core/check-in.wire.ts';
import type { OrganisationSettings } from '../src/core/organisation.wire.ts';
import { busOpener } from '../src/server/bus-choice.ts';
import { sessionStream } from '../src/store/store.ts';
import { serverNames } from './engines.ts';
import { adminEmail, adminPassword } from './school.ts';
import { openSiblings, type Siblings, Watching } from './siblings.ts';
import { until } from './until.ts';
import { Visitor } from './visitor.ts';

const open = (engine: 'postgres' | 'mariadb') =>
  openSiblings(engine, { bus: (address) => busOpener('database', address) });

/** A class with a session that is open. */
async function openClass({ school }: Siblings): Promise<{ group: string; session: SessionId }> {
  const group = await school.addGroup('Physics');
  await school.enrol(group, [
    ['001', 'Anna Able'],
    ['002', 'Ben Baker'],
    ['003', 'Cleo Cook'],
  ]);
  return { group, session: await school.openSession({ group }) };
}

/** A browser that signed in at instance A. */
async function signIn({ a }: Siblings): Promise<Visitor> {
  const browser = new Visitor(a.origin);
  const reply = await browser.post('/api/sign-in', { login: adminEmail, password: adminPassword });
  expect(reply.status).toBe(200);
  return browser;
}

describe.each(serverNames)('two instances on %s', (engine) => {
  test('a set-up at one spends the link of the other', async () => {
    await using siblings = await open(engine);
    await until(() => siblings.b.app.setUpLink.token === null);
  });

  test('a sign-in at one is a sign-in at the other', async () => {
    await using siblings = await open(engine);
    const browser = await signIn(siblings);
    const me = await siblings.atB(browser).get<{ email: string }>('/api/me');
    expect(me.value.email).toBe(adminEmail);
  });

  test('a check-in at one shows on the board of the other, which tells the receipt too', async () => {
    await using siblings = await open(engine);
    const { school } = siblings;
    const { session } = await openClass(siblings);
    using board = await Watching.open(siblings.atB(school.admin), `session:${session}`);
    const phone = school.phone();
    const receipt = (await phone.checkIn(await school.token(session), '001')).value;
    await until(() => board.present.includes('001'));
    const told = await siblings.atB(phone).get<Receipt>(`/api/check-in/${receipt.attempt}`);
    expect(told.value).toMatchObject({ status: 'present', number: '001' });
  });

  test('a ticket of one is used at the other, once, wherever it is tried at the same time', async () => {
    await using siblings = await open(engine);
    const { school, b } = siblings;
    const { session } = await openClass(siblings);
    for (const number of ['001', '002', '003']) {
      const phone = school.phone();
      const { opening } = await phone.scan(await school.token(session));
      const replies = await Promise.all([
        phone.submit(opening, number),
        siblings.atB(phone).submit(opening, number),
      ]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(replies.find(({ status }) => status === 409)?.problem.code).toBe('ticket-used');
    }
    const rows = await b.app.store.engine.read
      .selectFrom('event')
      .select('type')
      .where('stream', '=', sessionStream(session))
      .where('type', '=', 'check-in')
      .execute();
    expect(rows).toHaveLength(3);
  });

  test('the same attempt sent to both is one check-in with one answer', async () => {
    await using siblings = await open(engine);
    const { school } = siblings;
    const { session } = await openClass(siblings);
    const phone = school.phone();
    const { opening } = await phone.scan(await school.token(session));
    const attempt = Visitor.attempt(opening.ticket);
    const replies = await Promise.all([
      phone.submit(opening, '001', undefined, attempt),
      siblings.atB(phone).submit(opening, '001', undefined, attempt),
    ]);
    expect(new Set(replies.map(({ value }) => value.proof)).size).toBe(1);
    expect(replies.map(({ value }) => value.status)).toEqual(['present', 'present']);
  });

  test('settings and names that one changes are the other’s', async () => {
    await using siblings = await open(engine);
    const { school, b } = siblings;
    const { group, session } = await openClass(siblings);
    const there = siblings.atB(school.admin);
    const anna = (await school.board(session, there)).people.find(({ number }) => number === '001');
    expect(anna?.name).toBe('Anna Able');

    await school.admin.post(`/api/groups/${group}/people/${anna?.id}`, { name: 'Anna Young' });
    await until(async () =>
      (await school.board(session, there)).people.some(({ name }) => name === 'Anna Young'),
    );
    await school.admin.post(`/api/groups/${group}`, { name: 'Physics 10B' });
    await until(async () => (await b.app.directory.groupName(group)) === 'Physics 10B');
    const { value: settings } = await school.admin.get<OrganisationSettings>('/api/organisation');
    await school.admin.post('/api/organisation', { ...settings, zone: 'Asia/Tokyo' });
    await until(() => b.app.settings.current.zone === 'Asia/Tokyo');
  });

  test('a person whom one erases has no name at the other', async () => {
    await using siblings = await open(engine);
    const { school, b, a } = siblings;
    const { session } = await openClass(siblings);
    const there = siblings.atB(school.admin);
    const people = (await school.board(session, there)).people;
    const anna = people.find(({ number }) => number === '001');
    const { erasePerson } = await import('../src/server/person.ts');
    await erasePerson(a.app, 'operator', anna?.id as never);
    await until(
      async () =>
        (await b.app.directory.get([anna?.id as never])).values().next().value?.state === 'erased',
    );
    expect(b.app.store.vault.heldKey(anna?.id as never)).toBeUndefined();
    // the others' keys were wrapped anew, under a key that this instance did not make
    const names = (await school.board(session, there)).people.map(({ name }) => name);
    expect(names).toContain('Ben Baker');
  });

  test('a sign-out at one ends the channels of that sign-in at the other', async () => {
    await using siblings = await open(engine);
    const { session } = await openClass(siblings);
    const browser = await signIn(siblings);
    using ended = await Watching.open(siblings.atB(browser), `session:${session}`);
    using stays = await Watching.open(siblings.atB(siblings.school.admin), `session:${session}`);
    await until(() => ended.frames.length > 0 && stays.frames.length > 0);
    await browser.post('/api/sign-out');
    await until(() => ended.closed !== null);
    expect(ended.frames.at(-1)?.kind).toBe('signed-out');
    expect((await siblings.atB(browser).get('/api/me')).status).toBe(401);
    expect(stays.closed).toBeNull();
  });

  test('who is no host any more loses the board at the other', async () => {
    await using siblings = await open(engine);
    const { school } = siblings;
    const { group, session } = await openClass(siblings);
    const host = await school.inviteHost([group]);
    using board = await Watching.open(siblings.atB(host), `session:${session}`);
    await until(() => board.frames.length > 0);
    const me = await school.admin.get<{ id: string }>('/api/me');
    await school.admin.post(`/api/groups/${group}/hosts`, { hosts: [me.value.id] });
    await until(() => board.frames.at(-1)?.kind === 'refused');
    expect((await siblings.atB(host).get(`/api/sessions/${session}`)).status).toBe(404);
  });

  test('an enrolment at one makes the boards at the other load themselves anew', async () => {
    await using siblings = await open(engine);
    const { school } = siblings;
    const { group, session } = await openClass(siblings);
    using board = await Watching.open(siblings.atB(school.admin), `session:${session}`);
    await until(() => board.frames.length > 0);
    await school.enrol(group, [['004', 'Dora Dean']]);
    await until(() => board.frames.some((frame) => frame.kind === 'board' && frame.reload));
  });
});
