import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Me } from '../../src/core/account.wire.ts';
import type { AuditPage } from '../../src/core/audit.wire.ts';
import type { BackupsView } from '../../src/core/backup.wire.ts';
import type { SessionId } from '../../src/core/brand.ts';
import type { GroupView } from '../../src/core/group.wire.ts';
import type { PeoplePage } from '../../src/core/people.wire.ts';
import type { SessionLine } from '../../src/core/session.wire.ts';
import { hostPassword, type School } from '../school.ts';
import { until } from '../until.ts';
import { keys } from './pseudo-terminal.ts';
import { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

const auditorPassword = 'pebble-anchor-willow-52';
let stage: Stage;
let school: School;
let group: string;

beforeAll(async () => {
  stage = await Stage.open((home) => ({
    backupFolder: { path: join(home, 'backups'), make: true },
  }));
  ({ school } = stage);
  group = await stage.addClass();
  await school.addGroup('Chemistry');
});
afterAll(() => stage[Symbol.asyncDispose]());

const eventsOf = async (kind: string) =>
  (await school.admin.get<AuditPage>(`/api/audit?kind=${kind}&stream=all`)).value.events;

/** The labels of a menu without their hints. */
const bare = (menu: readonly string[]): string[] => menu.map((line) => line.replace(/ \(.*/, ''));

test('a host: their own group only, a session planned, opened, marked, closed, and corrected with a reason', async () => {
  await school.inviteHost([group]);
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn('henri@example.org', hostPassword);
  const home = bare(await walker.menu());
  for (const absent of ['People', 'Backups', 'Audit', 'Shared terminals'])
    expect(home).not.toContain(absent);
  await walker.choose('Groups');
  expect((await walker.menu()).join()).not.toContain('Chemistry');
  await walker.choose('Physics 10B');
  await walker.choose('Plan a session');
  await walker.answer('Title', 'Optics');
  await walker.answer('Day', `${keys.clear}2031-02-30`);
  await terminal.shows('A day is written like');
  await walker.answer('Day', `${keys.clear}2031-02-28`);
  await walker.answer('Begins', '22:00');
  await walker.answer('Ends', '01:30');
  await terminal.shows('From 2031-02-28 22:00 until 2031-03-01 01:30.');
  const sessions = await school.admin.get<SessionLine[]>(`/api/sessions?group=${group}`);
  expect(sessions.value).toMatchObject([
    {
      title: 'Optics',
      state: 'planned',
      startsAt: Date.parse('2031-02-28T21:00Z'),
      endsAt: Date.parse('2031-03-01T00:30Z'),
    },
  ]);
  await walker.choose('Open');
  const id = sessions.value[0]?.id as SessionId;
  await walker.choose('Take the roll');
  await terminal.shows(/^> {5}007/m);
  terminal.type('p');
  await terminal.shows('● P 007');
  await school.admin.post(`/api/sessions/${id}/marks`, {
    people: [(await school.board(id)).people.find((p) => p.number === '009')?.id],
    status: 'late',
  });
  // what others do appears by itself
  await terminal.shows('◐ L 009');
  terminal.type('c');
  await terminal.shows('c again closes and marks 1 absent.');
  terminal.type('c');
  await walker.choose('Correct the roll');
  await terminal.shows('○ A 008');
  terminal.type(`rbus late${keys.enter}`);
  await terminal.shows('Each mark now says: bus late');
  terminal.type(`${keys.down}e`);
  await terminal.shows('■ E 008');
  await until(async () => (await stage.recordOf(id, '008'))?.status === 'excused');
  const [mark] = await eventsOf('mark');
  expect(mark?.data).toMatchObject({ note: 'bus late' });
  terminal.type('q');
  await walker.back();
  await walker.back();
  await walker.back();
  await walker.back();
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});

test('an auditor reads, filters and keeps the audit, and is offered nothing that changes anything', async () => {
  const { value: found } = await school.admin.get<PeoplePage>('/api/people?query=turing');
  const { person } = found.people[0] ?? { person: '' };
  const { value } = await school.admin.post<{ password: string }>(`/api/people/${person}/password`);
  await school.admin.post(`/api/people/${person}/roles`, { roles: ['auditor'] });
  await school.openSession({ group, title: 'Lenses' });
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn('008', value.password);
  await walker.answer('A new password', auditorPassword);
  await walker.answer('The same again', auditorPassword);
  await walker.choose('Groups');
  const before = await stage.listDeeds();
  await walker.choose('Physics 10B');
  expect(bare(await walker.menu())).toEqual([
    'Sessions',
    'People',
    'Keep the list as a file',
    'Back',
  ]);
  await walker.choose('Sessions');
  await walker.choose('open');
  await walker.choose('Show the roll');
  await walker.back();
  await walker.back();
  await walker.back();
  await walker.back();
  await walker.choose('People');
  await walker.choose('Search');
  await walker.answer('Beginnings of words', 'lovel');
  await walker.choose('007');
  expect((await walker.menu()).join()).not.toMatch(
    /Change|Erase|Assign|Deactivate|Roles|PIN|hold|same as/,
  );
  await walker.back();
  await walker.back();
  await walker.back();
  await walker.choose('Audit');
  await walker.choose('Only about one person');
  await walker.answer('Who: beginnings of words', 'ada love');
  await walker.choose('007');
  await walker.choose('Only some days');
  await walker.answer('From', '2026-01-01');
  await walker.answer('Until', '');
  await terminal.shows('about Ada Lovelace, from 2026-01-01');
  await walker.choose('Keep it as a file');
  await terminal.shows('It is in');
  const [file = ''] = (await readdir(stage.home)).filter((name) => /^audit_.*\.csv$/.test(name));
  const lines = (await readFile(join(stage.home, file), 'utf8')).trim().split('\n');
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.slice(1).every((line) => line.includes('Ada Lovelace'))).toBe(true);
  await walker.choose('Keep it as a file');
  await terminal.shows('is there already');
  await walker.choose('Show');
  await walker.choose('2');
  await terminal.shows('About Ada Lovelace');
  await walker.back();
  await walker.choose('Everything again');
  await walker.choose('Only of one group');
  await walker.choose('Physics 10B');
  await walker.choose('Show');
  await walker.ready();
  expect(await terminal.screen()).toContain('Enrolled: Ada Admin, about Alan Turing');
  expect(await stage.listDeeds()).toEqual(before);
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});

test('two entries of one person become one, with the values that were chosen', async () => {
  const { value } = await school.admin.post<{ person: string }>('/api/people', {
    number: '070',
    name: 'Grace Brewster Hopper',
  });
  const { roster } = (await school.admin.get<GroupView>(`/api/groups/${group}`)).value;
  const stays = roster.find(({ number }) => number === '009')?.person;
  for (const isSure of [false, true]) {
    await using walker = isSure ? stage.openLines() : stage.openPage();
    const { terminal } = walker;
    await walker.signIn();
    await walker.choose('People');
    await walker.choose('Search');
    await walker.answer('Beginnings of words', 'brewster');
    await walker.choose('070');
    await walker.choose('Is the same as somebody else');
    await walker.answer('Who stays: beginnings of words', 'hopper');
    await walker.choose('009');
    if (isSure) {
      await walker.choose('Name: Grace Hopper (not Grace Brewster Hopper)');
      await walker.choose('Make the two one');
      await terminal.sees('070  Grace Brewster Hopper goes, 009  Grace Hopper stays.');
      await terminal.sees('Number: 009 (not 070)');
      await terminal.sees('Name: Grace Brewster Hopper (not Grace Hopper)');
      await terminal.sees('The number 070 is never given to anybody again.');
      await walker.confirm('Make the two one?');
      await terminal.sees('The two are one: 009  Grace Brewster Hopper.');
      continue;
    }
    await walker.choose('Make the two one');
    await walker.asked('Make the two one?');
    await terminal.shows('goes, 009  Grace Hopper stays.');
    // killed before the answer: nothing is done
    terminal.kill('SIGKILL');
    await terminal.ended;
    expect((await school.admin.get(`/api/people/${value.person}`)).status).toBe(200);
    expect(await eventsOf('person.merged')).toEqual([]);
  }
  const [merged] = await eventsOf('person.merged');
  expect(merged?.subject?.id).toBe(stays);
  const left = await school.admin.get<PeoplePage>('/api/people?query=hopper&state=all');
  expect(left.value.people).toMatchObject([
    { person: stays, number: '009', name: 'Grace Brewster Hopper' },
  ]);
});

test('a number that somebody bears already is not given to another by mistake', async () => {
  const chemistry = await school.addGroup('Alchemy');
  await school.admin.post('/api/people', { number: '0815', name: 'Marie Curie' });
  await using walker = stage.openLines();
  const { terminal } = walker;
  await walker.signIn();
  await walker.choose('Groups');
  await walker.choose('Alchemy');
  await walker.choose('Enrol people');
  await walker.answer('Number (empty: done)', '0815');
  await walker.answer('Name [Marie Curie]', 'Bob');
  await walker.asked('0815 is Marie Curie. Call them Bob now?');
  terminal.type(`n${keys.enter}`);
  await walker.answer('Number (empty: done)', '0815');
  await walker.answer('Name [Marie Curie]', '');
  await terminal.sees('0815 Marie Curie is enrolled.');
  const { roster } = (await school.admin.get<GroupView>(`/api/groups/${chemistry}`)).value;
  expect(roster.map(({ number, name }) => `${number} ${name}`)).toEqual(['0815 Marie Curie']);
});

test('a backup now is made, and is there', async () => {
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn();
  await walker.choose('Backups');
  await walker.choose('Make one now');
  await terminal.shows('It is made: ');
  await terminal.shows('Those in the folder (1)');
  await walker.choose('Those in the folder');
  await terminal.shows('.backup, ');
  const { value } = await school.admin.get<BackupsView>('/api/backups');
  expect(value.backups).toMatchObject([{ sound: true }]);
  expect(await readdir(join(stage.home, 'backups'))).toContain(value.backups[0]?.name);
});

test('a supervisor sees and settles in their team, and marks nobody', async () => {
  const who = await school.inviteHost([], 'Sara Super', 'sara@example.org', 'supervisor');
  const { id } = (await who.get<Me>('/api/me')).value;
  await school.admin.post(`/api/groups/${group}/supervisors`, { supervisors: [id] });
  await school.openSession({ group, title: 'Waves' });
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn('sara@example.org', hostPassword);
  await walker.choose('Sessions that are open');
  await walker.choose('open');
  expect(bare(await walker.menu())).toEqual([
    'Show the roll',
    'Keep the register as a file',
    'Back',
  ]);
  await walker.choose('Show the roll');
  await terminal.shows('007 Ada Lovelace');
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});

test('a window that becomes 40 by 10 in a menu, a list, a question, and large again, loses nothing', async () => {
  const session = await school.openSession({ group, title: 'Colours' });
  const [first] = (await school.board(session)).people;
  await school.admin.post(`/api/sessions/${session}/marks`, {
    people: [first?.id],
    status: 'present',
  });
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn();
  await walker.ready();
  terminal.resize(40, 10);
  await terminal.shows(/^\.\.\.$/m);
  await walker.choose('Groups');
  terminal.resize(80, 24);
  await walker.choose('New group');
  await walker.asked('Name of the group');
  terminal.type('Astro');
  await terminal.shows('Astro');
  terminal.resize(40, 10);
  terminal.type('nomy');
  await terminal.shows('Astronomy');
  terminal.resize(80, 24);
  terminal.type(keys.enter);
  await terminal.shows('Astronomy is made.');
  await walker.back();
  await walker.back();
  await walker.choose('Audit');
  await walker.choose('Only of one kind');
  await terminal.shows('Type: to search');
  terminal.resize(40, 10);
  await terminal.shows('to navigate');
  await walker.choose('mark');
  await terminal.shows('Enter: confirm');
  terminal.resize(80, 24);
  await terminal.shows('Everything again');
  await walker.choose('Show');
  await walker.ready();
  terminal.resize(40, 10);
  await terminal.shows(/● 2\d{3}-.*…/);
  terminal.resize(80, 24);
  await terminal.shows(/● 2\d{3}-.*about/);
  await walker.back();
  await walker.back();
  const { value } = await school.admin.get<{ name: string }[]>('/api/groups');
  expect(value.filter(({ name }) => name === 'Astronomy')).toHaveLength(1);
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});
