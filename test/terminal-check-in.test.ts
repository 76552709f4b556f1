import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AuditPage } from '../src/core/audit.wire.ts';
import type { SessionId } from '../src/core/brand.ts';
import type { GroupView } from '../src/core/group.wire.ts';
import type { PairedTerminal, TerminalLine, TerminalReceipt } from '../src/core/terminal.wire.ts';
import { sealBox } from '../src/terminal/sealed-box.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { adminEmail, adminPassword, openSchool, type School } from './school.ts';
import { Visitor } from './visitor.ts';

const pin = '482915';
let server: TestServer<FakeClock>;
let school: School;
let group: string;
let session: SessionId;
let door: PairedTerminal;
let people: Map<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  school = await openSchool(server);
  group = await school.addGroup('Physics 10B');
  await school.enrol(group, [
    ['007', 'Ada Lovelace'],
    ['008', 'Alan Turing'],
    ['009', 'Grace Hopper'],
    ['010', 'Kurt Gödel'],
  ]);
  const { roster } = (await school.admin.get<GroupView>(`/api/groups/${group}`)).value;
  people = new Map(roster.map(({ number, person }) => [number, person]));
  for (const person of people.values()) {
    const given = await school.admin.post(`/api/people/${person}/pin`, { pin });
    expect(given.status).toBe(200);
  }
  door = await pairDoor('Front door');
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  server.clock.advance(1_000);
  await school.signInAgain();
  session = await school.openSession({ group });
});

async function pairDoor(name: string): Promise<PairedTerminal> {
  const { code } = (await school.admin.post<{ code: string }>('/api/terminals', { name })).value;
  const paired = await new Visitor(server.origin).post<PairedTerminal>('/api/terminal/pair', {
    code: code.toLowerCase(),
  });
  expect(paired.status).toBe(200);
  const { value: now } = await new Visitor(server.origin).get('/api/terminal-key');
  expect(now).toEqual({ publicKey: paired.value.publicKey, zone: 'Europe/Berlin' });
  const again = await new Visitor(server.origin).post('/api/terminal/pair', { code });
  expect(again.problem.code).toBe('link-invalid');
  return paired.value;
}

interface Typed {
  token?: string | undefined;
  attempt?: string;
  at?: number | null;
}

function type(
  number: string,
  secret: string,
  { token = door.token, attempt = randomUUID(), at = null }: Typed = {},
) {
  const box = sealBox(door.publicKey, attempt, { number, secret });
  const body = { token, attempt, at, box };
  return new Visitor(server.origin).post<TerminalReceipt>('/api/terminal/check-in', body);
}

const recordOf = async (number: string) =>
  (await school.board(session)).people.find((person) => person.number === number)?.record;

test('number and PIN check in, once, and a repeat gets the first outcome', async () => {
  const attempt = randomUUID();
  const first = await type('007', pin, { attempt });
  expect(first.value).toMatchObject({
    name: 'Ada Lovelace',
    session: 'Physics 10B',
    status: 'present',
    already: false,
  });
  expect((await type('007', pin, { attempt })).value.status).toBe('present');
  expect((await type('007', pin)).value.already).toBe(true);
  expect(await recordOf('007')).toMatchObject({ status: 'present', how: 'terminal' });
});

test('the audit names the terminal, or the machine of the server', async () => {
  await type('009', pin);
  const body = { attempt: randomUUID(), at: null };
  const box = sealBox(door.publicKey, body.attempt, { number: '010', secret: pin });
  await new Visitor(server.origin).post('/api/terminal/check-in', { ...body, box });
  const found = await school.admin.get<AuditPage>(
    `/api/audit?stream=session:${session}&kind=check-in`,
  );
  expect(
    found.value.events.map(({ actor, place, terminal, address }) => [
      actor.id,
      place,
      terminal,
      address,
    ]),
  ).toEqual([
    ['terminal', 'server', null, '127.0.0.1'],
    ['terminal', 'terminal', 'Front door', '127.0.0.1'],
  ]);
  const { value } = await school.admin.get<AuditPage>('/api/audit?kind=terminal.paired');
  expect(value.events[0]).toMatchObject({ terminal: 'Front door', address: '127.0.0.1' });
});

test('of two open sessions the one that began last counts first, and a repeat stays with its own', async () => {
  server.clock.advance(60_000);
  const later = await school.openSession({ group, title: 'Laboratory' });
  const attempt = randomUUID();
  expect((await type('009', pin, { attempt })).value.session).toBe('Laboratory');
  expect((await type('009', pin, { attempt })).value.session).toBe('Laboratory');
  expect((await type('009', pin)).value.session).toBe('Physics 10B');
  await school.admin.post(`/api/sessions/${later}/cancel`, { reason: 'test' });
});

test('a phone that claims somebody who showed a PIN disputes nothing', async () => {
  await type('007', pin);
  const phone = school.phone();
  await phone.checkIn(await school.token(session), '007');
  expect(await recordOf('007')).toMatchObject({ how: 'terminal', pending: false });
});

test('a password that was assigned opens nothing here before it was changed', async () => {
  const path = `/api/people/${people.get('008')}/password`;
  const { password } = (await school.admin.post<{ password: string }>(path)).value;
  expect((await type('008', password)).problem.code).toBe('password-change-needed');
  expect(await recordOf('008')).toMatchObject({ status: null });
  const person = new Visitor(server.origin);
  expect((await person.post('/api/sign-in', { login: '008', password })).status).toBe(200);
  const next = 'a ladder made of rain';
  expect((await person.post('/api/password', { current: password, next })).status).toBe(200);
  expect((await type('008', next)).value).toMatchObject({ status: 'present' });
});

test('wrong PINs and unknown numbers get one answer, and are throttled', async () => {
  const wrong = await type('010', '111213');
  const unknown = await type('999', '111213');
  expect([wrong.status, wrong.problem.code]).toEqual([unknown.status, unknown.problem.code]);
  for (let tried = 1; tried < 5; tried += 1) await type('010', '111213');
  expect((await type('010', pin)).problem.code).toBe('sign-in-throttled');
  expect(await recordOf('010')).toMatchObject({ status: null });
});

test('what was typed while the server was away counts for then, and says whose clock it was', async () => {
  const at = server.clock.now();
  server.clock.advance(20 * 60_000);
  await school.admin.post(`/api/sessions/${session}/close`);
  server.clock.advance(60 * 60_000);
  expect((await type('008', pin, { at })).value).toMatchObject({ status: 'present' });
  const record = await recordOf('008');
  expect(record).toMatchObject({ status: 'present', how: 'terminal', at });
  const events = await server.app.store.engine.read
    .selectFrom('event')
    .select('facts')
    .where('stream', '=', `session:${session}`)
    .where('subject', '=', people.get('008') ?? '')
    .where('type', '=', 'check-in')
    .execute();
  expect(JSON.parse(events.at(-1)?.facts ?? '')).toMatchObject({ clock: 'claimed' });
});

test('a claim from the future counts as now, one older than a week not at all', async () => {
  const now = server.clock.now();
  expect((await type('009', pin, { at: now + 3_600_000 })).value.status).toBe('present');
  expect((await recordOf('009'))?.at).toBe(now);
  const old = await type('009', pin, { at: now - 8 * 24 * 3_600_000 });
  expect(old.problem.code).toBe('input-invalid');
});

test('a box opens for its own attempt and server only', async () => {
  const box = sealBox(door.publicKey, randomUUID(), { number: '007', secret: pin });
  const body = { token: door.token, attempt: randomUUID(), at: null, box };
  const reply = await new Visitor(server.origin).post('/api/terminal/check-in', body);
  expect(reply.problem.code).toBe('input-invalid');
});

test('a revoked terminal is turned away at once; a made-up token too', async () => {
  const side = await pairDoor('Side door');
  expect((await type('007', pin, { token: side.token })).status).toBe(200);
  const { value } = await school.admin.get<TerminalLine[]>('/api/terminals');
  const { terminal = '' } = value.find(({ name }) => name === 'Side door') ?? {};
  await school.admin.post(`/api/terminals/${terminal}/revoke`);
  expect((await type('007', pin, { token: side.token })).problem.code).toBe('not-allowed');
  expect((await type('007', pin, { token: 'made-up' })).problem.code).toBe('not-allowed');
});

test('only a host or administrator may leave a paired terminal', async () => {
  const leave = (number: string, secret: string) =>
    new Visitor(server.origin).post('/api/terminal/leave', {
      token: door.token,
      box: sealBox(door.publicKey, 'leave', { number, secret }),
    });
  const given = await school.admin.post<{ password: string }>(
    `/api/people/${people.get('010')}/password`,
  );
  const { password } = given.value;
  expect((await leave('010', password)).problem.code).toBe('password-change-needed');
  const attendee = new Visitor(server.origin);
  await attendee.post('/api/sign-in', { login: '010', password });
  const next = 'a ladder made of rain';
  expect((await attendee.post('/api/password', { current: password, next })).status).toBe(200);
  expect((await leave('010', next)).problem.code).toBe('not-allowed');
  const own = await school.admin.post('/api/pin', { password: adminPassword, pin });
  expect(own.status).toBe(200);
  for (const login of ['007', adminEmail])
    expect((await leave(login, pin)).problem.code, login).toBe('sign-in-wrong');
  expect((await leave(adminEmail, 'wrong-password')).problem.code).toBe('sign-in-wrong');
  expect((await leave(adminEmail, adminPassword)).status).toBe(200);
});

test('a PIN is no run of digits, and is taken away', async () => {
  const person = people.get('007');
  for (const bad of ['123456', '000000', '98765432', '12', 'abcdef']) {
    const reply = await school.admin.post(`/api/people/${person}/pin`, { pin: bad });
    expect(reply.status, bad).toBe(422);
  }
  await school.admin.post(`/api/people/${person}/pin`, { pin: null });
  expect((await type('007', pin)).problem.code).toBe('sign-in-wrong');
});

test('an erased person leaves no PIN behind', async () => {
  const person = people.get('009') ?? '';
  const body = { name: 'Grace Hopper' };
  expect((await school.admin.post(`/api/people/${person}/erase`, body)).status).toBe(200);
  const { engine } = server.app.store;
  const left = await engine.read.selectFrom('pin').select('person').execute();
  expect(left.map((row) => row.person)).not.toContain(person);
  expect(left).not.toHaveLength(0);
});
