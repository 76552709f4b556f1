import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GroupId, PersonId } from '../core/brand.ts';
import { dateOfDayFile } from '../core/day-file-import.ts';
import { readsStream } from '../store/store.ts';
import { dayFileImportRoutes } from './day-file-import.route.ts';
import { groupRoutes } from './group.route.ts';
import { groupRegisterRoutes } from './group-register.route.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: ThrowawayApp;
let host: PersonId;
let group: GroupId;
beforeEach(async () => {
  house = await openThrowawayApp([...groupRoutes, ...groupRegisterRoutes, ...dayFileImportRoutes]);
  host = await house.addPerson('Hypatia', 'host');
  group = (await house.ask(host, '/api/groups', { name: 'Zoology' })).body.id;
});
afterEach(() => house[Symbol.asyncDispose]());

const monday = {
  name: 'attendance_2025-11-03.csv',
  text: 'Roll,Name,Time\r\n007,Ada,09:05:10\r\n8,Bob,09:02\r\n007,Ada again,09:30:00\r\n',
};
const tuesday = { name: 'attendance_2025-11-04.csv', text: 'Roll,Name,Time\n8,Bob,9:01 AM\n' };
const send = (files: object[], apply = true, by = host) =>
  house.ask(by, '/api/day-files', { group, files, apply });
const register = async () => (await house.ask(host, `/api/groups/${group}/register`)).body;
/** Without those that tell who looked. */
const countEvents = async () => {
  const { engine } = house.store;
  const events = engine.read.selectFrom('event').select('id').where('stream', '!=', readsStream);
  return (await events.execute()).length;
};

test('each file becomes a closed session of its day, counted from the day each person appears', async () => {
  const { body } = await send([tuesday, monday]);
  expect(body.files).toEqual([
    { name: tuesday.name, date: '2025-11-04', rows: 1, wrong: [], action: 'new' },
    {
      ...{ name: monday.name, date: '2025-11-03', rows: 2, action: 'new' },
      wrong: [{ line: 4, problem: 'duplicate-in-file' }],
    },
  ]);
  const { sessions, people } = await register();
  expect(sessions).toMatchObject([
    { date: '2025-11-03', time: '09:02', state: 'closed' },
    { date: '2025-11-04', time: '09:01', state: 'closed' },
  ]);
  expect(people).toMatchObject([
    { number: '007', name: 'Ada', marks: ['present', 'absent'], rate: { rate: 0.5 } },
    { number: '8', name: 'Bob', marks: ['present', 'present'], rate: { rate: 1 } },
  ]);
  const records = await house.store.engine.read.selectFrom('record').selectAll().execute();
  expect(records.every(({ how }) => how === 'import')).toBe(true);
});

test('only looking changes nothing; bringing in twice changes nothing either', async () => {
  const before = await countEvents();
  expect((await send([monday], false)).body.files[0].action).toBe('new');
  expect(await countEvents()).toBe(before);
  await send([monday, { ...monday, name: 'copy of 2025-11-03.csv' }]);
  const events = await countEvents();
  const again = await send([{ ...monday, text: monday.text.replaceAll('\r', '') }, tuesday]);
  expect(again.body.files.map(({ action }: { action: string }) => action)).toEqual(['same', 'new']);
  await Promise.all([send([monday, tuesday]), send([monday, tuesday])]);
  expect((await register()).sessions).toHaveLength(2);
  // person and enrolment are known: a session and one record are all that Tuesday adds
  expect(await countEvents()).toBe(events + 2);
});

test('rows that were forged by a comma or a newline are named, and renamed nobody', async () => {
  await send([monday]);
  const text =
    'Roll,Name,Time\n007,Mallory,09:00\n9,Eve,Carol,09:00\n10,"=cmd()",soon\n,,\n11,,09:00\n12,Dan,25:00\n13,Zoë,\n';
  const { body } = await send([{ name: 'attendance_2025-11-05.csv', text }]);
  expect(body.files[0].rows).toBe(2);
  expect(body.files[0].wrong).toEqual([
    { line: 3, problem: 'input-invalid' },
    { line: 4, problem: 'input-invalid' },
    { line: 6, problem: 'name-missing' },
    { line: 7, problem: 'input-invalid' },
  ]);
  const names = (await register()).people.map(({ name }: { name: string }) => name);
  expect(names).toEqual(['Ada', 'Bob', 'Zoë']);
});

test('a file without a date, without rows or with an open quote is left out, the others are not', async () => {
  const { body } = await send([
    { name: 'attendance.csv', text: monday.text },
    { name: '../../2025-13-45.csv', text: monday.text },
    { name: 'attendance_2025-11-06.csv', text: '' },
    { name: 'attendance_2025-11-07.csv', text: 'Roll,Name,Time\n' },
    { name: 'attendance_2025-11-08.csv', text: 'Roll,Name,Time\n1,"Ada,09:00\n' },
    tuesday,
  ]);
  expect(body.files.map(({ action }: { action: string }) => action)).toEqual([
    ...['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'new'],
  ]);
  expect((await register()).sessions).toHaveLength(1);
});

test('only hosts of the group may', async () => {
  const other = await house.addPerson('Euclid', 'host');
  const attendee = await house.addPerson('Ada', 'attendee');
  expect((await send([monday], true, other)).status).toBe(404);
  expect((await send([monday], true, attendee)).status).toBe(403);
  expect((await house.ask(null, '/api/day-files', {})).status).toBe(401);
});

test('the date stands in the name, whatever else does', () => {
  expect(dateOfDayFile('attendance_2025-11-03.csv')).toBe('2025-11-03');
  expect(dateOfDayFile('C:\\old\\attendance_2024_02_29 (1).CSV')).toBe('2024-02-29');
  expect(dateOfDayFile('attendance_2025-02-29.csv')).toBeNull();
  expect(dateOfDayFile('12025-11-031.csv')).toBeNull();
});
