import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Me } from '../../src/core/account.wire.ts';
import type { SessionId } from '../../src/core/brand.ts';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { freePort } from '../cluster/free-port.ts';
import { adminEmail, adminPassword, openSchool, School } from '../school.ts';
import { until } from '../until.ts';
import { Walker } from './walker.ts';

const minutes = 60_000;
const hostPassword = 'quiet-lantern-meadow-17';
let home: string;
let port: number;
let server: TestServer<typeof realClock>;
let school: School;
let group: string;

const start = () =>
  startTestServer({ clock: realClock, folder: join(home, 'server'), config: { port } });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-roll-'));
  port = await freePort();
  server = await start();
  school = await openSchool(server);
  group = await school.addGroup('Physics 10B');
  await school.enrol(group, [
    ['007', 'Ada Lovelace'],
    ['008', 'Alan Turing'],
    ['009', 'Grace Hopper'],
  ]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const visit = () => new Walker(home, ['terminal', '--server', server.origin]);

async function signIn(walker: Walker, login = adminEmail, password = adminPassword): Promise<void> {
  await walker.answer('Number or e-mail address', login);
  await walker.answer('Password', password);
}

async function goToRoll(walker: Walker): Promise<void> {
  await walker.choose('Sessions that are open');
  await walker.choose('2');
  await walker.choose('Take the roll');
  await walker.terminal.shows(/^> /m);
}

const statusOf = async (session: SessionId, number: string) =>
  (await school.board(session)).people.find((each) => each.number === number)?.record.status;

test(
  'two who mark the same person at once both see what stands, and one record stands',
  async () => {
    const session = await school.openSession({ group });
    await using one = visit();
    await using two = visit();
    for (const each of [one, two]) {
      await signIn(each);
      await goToRoll(each);
    }
    for (const each of [one, two]) each.terminal.type('p');
    for (const each of [one, two]) await each.terminal.shows('● P 007');
    one.terminal.type('l');
    two.terminal.type('a');
    await until(async () => (await statusOf(session, '008')) !== null);
    for (const each of [one, two]) await each.terminal.shows(/> {5}009/);
    // the later word stands, and both windows come to show it
    await until(async () => {
      const sign = (await statusOf(session, '008')) === 'late' ? '◐ L 008' : '○ A 008';
      const windows = await Promise.all([one, two].map((each) => each.terminal.screen()));
      return windows.every((window) => window.includes(sign));
    });
    const { people } = await school.board(session);
    expect(people.map(({ number }) => number).sort()).toEqual(['007', '008', '009']);
    await school.admin.post(`/api/sessions/${session}/close`);
    for (const each of [one, two]) await each.terminal.shows('(closed)');
  },
  3 * minutes,
);

test(
  'marks that are typed while the server is away arrive when it is back',
  async () => {
    const session = await school.openSession({ group });
    await using walker = visit();
    const { terminal } = walker;
    await signIn(walker);
    await goToRoll(walker);
    await server[Symbol.asyncDispose]();
    terminal.type('p');
    await terminal.shows('● P…007');
    terminal.type('l');
    await terminal.shows('No server: trying again. 2 not sent.');
    // neither a smaller window nor a step back loses them
    terminal.resize(40, 10);
    await terminal.shows('◐ L…008');
    terminal.type('q');
    terminal.resize(80, 24);
    await terminal.shows('◐ L…008');
    server = await start();
    school = new School(server, school.admin);
    await terminal.shows('● P 007');
    await terminal.shows('◐ L 008');
    expect([await statusOf(session, '007'), await statusOf(session, '008')]).toEqual([
      'present',
      'late',
    ]);
    await school.admin.post(`/api/sessions/${session}/close`);
  },
  3 * minutes,
);

test(
  'menus wait for a server that is away, and go on',
  async () => {
    await using walker = visit();
    const { terminal } = walker;
    await signIn(walker);
    await walker.choose('Groups');
    await walker.choose('New group');
    await walker.asked('Name of the group');
    await server[Symbol.asyncDispose]();
    await walker.answer('Name of the group', 'Astronomy');
    await terminal.shows('trying again');
    server = await start();
    school = new School(server, school.admin);
    await terminal.shows('Astronomy is made.');
    const { value } = await school.admin.get<{ name: string }[]>('/api/groups');
    expect(value.filter(({ name }) => name === 'Astronomy')).toHaveLength(1);
  },
  3 * minutes,
);

test(
  'who loses the role or the sign-in in the middle of a roll is told, and comes no further',
  async () => {
    const host = await school.inviteHost([group]);
    const { id } = (await host.get<Me>('/api/me')).value;
    const session = await school.openSession({ group });
    await using walker = visit();
    const { terminal } = walker;
    await signIn(walker, 'henri@example.org', hostPassword);
    await goToRoll(walker);
    await school.admin.post(`/api/groups/${group}/hosts`, { hosts: [] });
    await school.admin.post(`/api/people/${id}/roles`, { roles: [] });
    terminal.type('p');
    await until(async () => !(await terminal.screen()).includes('> '));
    expect(await statusOf(session, '007')).toBe(null);
    await walker.quiet();
    if ((await terminal.screen()).includes('Linden School')) {
      expect(await walker.menu()).not.toContain('Groups');
    }
    await host.post('/api/sign-out-everywhere');
    await using other = visit();
    await signIn(other);
    await goToRoll(other);
    await school.admin.post('/api/sign-out-everywhere');
    await school.signInAgain();
    await other.terminal.shows('The sign-in has ended.');
    await other.asked('Number or e-mail address');
    expect(terminal.raw + other.terminal.raw).not.toMatch(/\n\s+at /);
  },
  3 * minutes,
);
