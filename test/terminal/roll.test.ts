import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Me } from '../../src/core/account.wire.ts';
import type { SessionId } from '../../src/core/brand.ts';
import { hostPassword } from '../school.ts';
import { until } from '../until.ts';
import type { PageWalker } from './page-walker.ts';
import { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

let stage: Stage;
let group: string;

beforeAll(async () => {
  stage = await Stage.open();
  group = await stage.addClass();
});
afterAll(() => stage[Symbol.asyncDispose]());

async function goToRoll(walker: PageWalker): Promise<void> {
  await walker.choose('Sessions that are open');
  await walker.choose('open');
  await walker.choose('Take the roll');
  await walker.terminal.shows(/^> /m);
}

const statusOf = async (session: SessionId, number: string) =>
  (await stage.recordOf(session, number))?.status;

test('two who mark the same person at once both see what stands, and one record stands', async () => {
  const { school } = stage;
  const session = await school.openSession({ group });
  await using one = stage.openPage();
  await using two = stage.openPage();
  for (const each of [one, two]) {
    await each.signIn();
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
});

test('marks that are typed while the server is away arrive when it is back', async () => {
  const session = await stage.school.openSession({ group });
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn();
  await goToRoll(walker);
  await stage.stopServer();
  terminal.type('p');
  await terminal.shows('● P…007');
  terminal.type('l');
  await terminal.shows('No server: trying again. 2 not sent.');
  // neither a smaller window nor a step back loses them
  terminal.resize(40, 10);
  terminal.type('q');
  await terminal.shows('2 not sent yet: q again leaves without.');
  await terminal.shows('◐ L…008');
  terminal.resize(80, 24);
  terminal.type('k');
  await terminal.shows('No server: trying again. 2 not sent.');
  await terminal.shows('◐ L…008');
  await stage.startServer();
  await terminal.shows('● P 007');
  await terminal.shows('◐ L 008');
  expect([await statusOf(session, '007'), await statusOf(session, '008')]).toEqual([
    'present',
    'late',
  ]);
  await stage.school.admin.post(`/api/sessions/${session}/close`);
});

test('menus wait for a server that is away, and go on', async () => {
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn();
  await walker.choose('Groups');
  await walker.choose('New group');
  await walker.asked('Name of the group');
  await stage.stopServer();
  await walker.answer('Name of the group', 'Astronomy');
  await terminal.shows('trying again');
  await stage.startServer();
  await terminal.shows('Astronomy is made.');
  const { value } = await stage.school.admin.get<{ name: string }[]>('/api/groups');
  expect(value.filter(({ name }) => name === 'Astronomy')).toHaveLength(1);
});

test('who loses the role or the sign-in in the middle of a roll is told, and comes no further', async () => {
  const { school } = stage;
  const host = await school.inviteHost([group]);
  const { id } = (await host.get<Me>('/api/me')).value;
  const session = await school.openSession({ group });
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn('henri@example.org', hostPassword);
  await goToRoll(walker);
  await school.admin.post(`/api/groups/${group}/hosts`, { hosts: [] });
  await school.admin.post(`/api/people/${id}/roles`, { roles: [] });
  terminal.type('p');
  await terminal.shows('That is not allowed.');
  expect((await walker.menu()).join()).not.toContain('Groups');
  expect(await statusOf(session, '007')).toBe(null);
  await host.post('/api/sign-out-everywhere');
  await using other = stage.openPage();
  await other.signIn();
  await goToRoll(other);
  await school.admin.post('/api/sign-out-everywhere');
  await school.signInAgain();
  await other.terminal.shows('The sign-in has ended.');
  await other.asked('Number or e-mail address');
  expect(terminal.raw + other.terminal.raw).not.toMatch(/\n\s+at /);
});
