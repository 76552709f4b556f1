import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GroupView } from '../src/core/group.wire.ts';
import type { RosterApplied, RosterPreview } from '../src/core/roster.wire.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';
import type { Visitor } from './visitor.ts';

let server: TestServer<typeof realClock>;
let school: School;
let host: Visitor;
let chemistry: string;
let physics: string;

beforeAll(async () => {
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  physics = await school.addGroup('Physics 10B');
  chemistry = await school.addGroup('Chemistry 9A');
  host = await school.inviteHost([chemistry]);
  for (const [number, name] of [
    ['S1', 'Zoë Vermeer'],
    ['S2', 'Milan Horák'],
    ['S3', 'Ines Duarte'],
  ]) {
    const email = `${number}@example.org`.toLowerCase();
    await school.admin.post(`/api/groups/${physics}/people`, { number, name, email });
  }
});
afterAll(() => server[Symbol.asyncDispose]());

const add = (number: string, name: string, email?: string) =>
  host.post<{ person: string }>(`/api/groups/${chemistry}/people`, { number, name, email });
const roster = async (by: Visitor) =>
  (await by.get<GroupView>(`/api/groups/${chemistry}`)).value.roster;

describe('a number of somebody whom the host does not know', () => {
  test('tells nothing where the name is another one', async () => {
    const reply = await add('S1', 'Anybody');
    expect([reply.status, reply.problem.code]).toEqual([409, 'number-taken']);
    expect(JSON.stringify(reply.value)).not.toMatch(/Vermeer|s1@/);
    expect(await roster(host)).toEqual([]);
  });

  test('enrols under the right name, and the address is told to administrators only', async () => {
    const reply = await add('S1', 'zoe VERMEER', 'other@example.org');
    expect(reply.status).toBe(200);
    const seen = (lines: Awaited<ReturnType<typeof roster>>) =>
      lines.map(({ number, name, email }) => [number, name, email]);
    expect(seen(await roster(host))).toEqual([['S1', 'Zoë Vermeer', null]]);
    expect(seen(await roster(school.admin))).toEqual([['S1', 'Zoë Vermeer', 's1@example.org']]);
    const csv = `/api/groups/${chemistry}/roster.csv`;
    expect((await host.get<string>(csv)).value).not.toContain('s1@example.org');
    expect((await school.admin.get<string>(csv)).value).toContain('s1@example.org');
    const change = `/api/groups/${chemistry}/people/${reply.value.person}`;
    expect((await host.post(change, { name: 'Mine Now' })).status).toBe(403);
    expect((await host.post(change, { until: '2027-06-30' })).status).toBe(200);
    const again = await add('S1', 'Mine Now');
    expect(again.status).toBe(200);
    expect((await roster(host))[0]?.name).toBe('Zoë Vermeer');
  });

  test('is judged alike in a list, before and when it is brought in', async () => {
    const text = 'number,name\nS2,Somebody Else\nS3,Ines Duarte\nN9,Nora New\n';
    const path = `/api/groups/${chemistry}/roster`;
    const preview = (await host.post<RosterPreview>(`${path}/preview`, { text })).value;
    expect(preview.counts).toMatchObject({ wrong: 1, enrol: 1, add: 1 });
    expect(JSON.stringify(preview)).not.toMatch(/Horák|s2@|s3@/);
    const applied = (await host.post<RosterApplied>(`${path}/apply`, { text })).value;
    expect(JSON.stringify(applied)).not.toMatch(/Horák|s2@|s3@/);
    expect((await roster(host)).map(({ number }) => number).sort()).toEqual(['N9', 'S1', 'S3']);
  });

  test('is no stranger to the host of both groups, nor to an administrator', async () => {
    const both = await school.inviteHost([physics, chemistry], 'Both Hosts', 'both@example.org');
    const path = `/api/groups/${chemistry}/people`;
    const known = await both.post(path, { number: 'S2', name: 'Milan Horak' });
    expect(known.status).toBe(200);
    const line = (await roster(both)).find(({ number }) => number === 'S2');
    expect([line?.name, line?.email]).toEqual(['Milan Horak', 's2@example.org']);
  });
});
