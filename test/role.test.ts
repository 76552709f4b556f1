import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoleLine } from '../src/core/role.wire.ts';
import { eventTypes } from './account-rows.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { type Cast, openCast } from './cast.ts';
import type { Visitor } from './visitor.ts';

let server: TestServer<typeof realClock>;
let cast: Cast;

beforeEach(async () => {
  server = await startTestServer({ clock: realClock });
  cast = await openCast(server);
});
afterEach(() => server[Symbol.asyncDispose]());

const idOf = async (visitor: Visitor) => (await visitor.get<{ id: string }>('/api/me')).value.id;
const give = async (by: Visitor, to: Visitor, roles: readonly string[]) =>
  by.post(`/api/people/${await idOf(to)}/roles`, { roles });

describe('roles', () => {
  test('are given and taken away, at once and with an event', async () => {
    const { admin, attendee, host } = cast.visitors;
    const board = `/api/sessions/${cast.things.session}`;
    expect((await attendee.get(board)).status).toBe(403);
    expect((await give(admin, attendee, ['auditor'])).status).toBe(200);
    expect((await attendee.get(board)).status).toBe(200);
    expect((await give(admin, attendee, [])).status).toBe(200);
    expect((await attendee.get(board)).status).toBe(403);
    expect((await give(admin, host, ['attendee'])).status).toBe(200);
    expect((await host.get('/api/me')).status).toBe(200);
    expect((await host.get(board)).status).toBe(403);
    const changes = (await eventTypes(server)).filter((type) => type === 'role.changed');
    expect(changes).toHaveLength(3);
  });

  test('stand in a list for administrators and auditors, without mere attendees', async () => {
    const lines = (await cast.visitors.auditor.get<RoleLine[]>('/api/roles')).value;
    expect(lines.map(({ name, roles }) => [name, roles])).toEqual([
      ['Ada Admin', ['admin', 'host']],
      ['auditor', ['auditor']],
      ['Henri Host', ['host']],
      ['Olga Other', ['host']],
      ['other supervisor', ['supervisor']],
      ['supervisor', ['supervisor']],
    ]);
  });

  test('nobody changes their own, however many there are who could', async () => {
    const { admin, host } = cast.visitors;
    const own = await give(admin, admin, ['admin']);
    expect([own.status, own.problem.code]).toEqual([409, 'own-role']);
    expect((await give(host, host, ['admin'])).status).toBe(403);
  });

  test('of two administrators who demote each other at once one stays', async () => {
    const { admin, host } = cast.visitors;
    expect((await give(admin, host, ['admin'])).status).toBe(200);
    const replies = await Promise.all([give(admin, host, []), give(host, admin, [])]);
    expect(replies.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    const { value } = await (replies[0]?.status === 200 ? admin : host).get<RoleLine[]>(
      '/api/roles',
    );
    expect(value.filter(({ roles }) => roles.includes('admin'))).toHaveLength(1);
  });

  test.each([
    ['deactivate', 'deactivate'],
    ['erase', 'erase'],
    ['erase', 'deactivate'],
  ])('of two who %s and %s each other at once one stays', async (first, second) => {
    const { admin, host } = cast.visitors;
    expect((await give(admin, host, ['admin'])).status).toBe(200);
    const [one, two] = await Promise.all([idOf(admin), idOf(host)]);
    const replies = await Promise.all([
      admin.post(`/api/people/${two}/${first}`, first === 'erase' ? { name: 'Henri Host' } : {}),
      host.post(`/api/people/${one}/${second}`, second === 'erase' ? { name: 'Ada Admin' } : {}),
    ]);
    expect(replies.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    const left = await cast.visitors.auditor.get<RoleLine[]>('/api/roles');
    expect(left.value.filter(({ roles }) => roles.includes('admin'))).toHaveLength(1);
  });

  test('the last administrator stays, also against the operator; whoever cannot sign in is none', async () => {
    const { admin, host } = cast.visitors;
    expect((await give(admin, host, ['admin'])).status).toBe(200);
    const { operatorToken } = server.app;
    const person = await idOf(admin);
    const { engine, organisation } = server.app.store;
    const other = await idOf(host);
    await engine.write((tx) =>
      tx
        .deleteFrom('credential')
        .where('organisation', '=', organisation)
        .where('person', '=', other)
        .execute(),
    );
    const { operator } = cast.visitors;
    operator.headers.authorization = `Bearer ${operatorToken.token}`;
    const refused = await operator.post(`/api/people/${person}/roles`, { roles: [] });
    expect([refused.status, refused.problem.code]).toEqual([409, 'last-admin']);
  });

  test('are for active people of the organisation only', async () => {
    const { admin } = cast.visitors;
    const stranger = '00000000-0000-4000-8000-000000000000';
    expect((await admin.post(`/api/people/${stranger}/roles`, { roles: [] })).status).toBe(404);
    expect((await admin.post('/api/people/x/roles', { roles: ['owner'] })).status).toBe(422);
  });
});

describe('supervisors', () => {
  const path = () => `/api/groups/${cast.things.group}`;
  const supervise = (by: Visitor, supervisors: readonly string[]) =>
    by.post(`${path()}/supervisors`, { supervisors });

  test('are named by administrators, out of those who have the role', async () => {
    const { admin, host, supervisor, otherSupervisor } = cast.visitors;
    const other = await idOf(otherSupervisor);
    expect((await supervise(host, [other])).status).toBe(403);
    expect((await supervise(admin, [await idOf(host)])).status).toBe(404);
    expect((await supervise(admin, [other])).status).toBe(200);
    expect((await supervise(admin, [other])).status).toBe(200);
    expect((await otherSupervisor.get(path())).status).toBe(200);
    expect((await supervisor.get(path())).status).toBe(404);
    const group = (await admin.get<{ supervisors: { name: string }[] }>(path())).value;
    expect(group.supervisors.map(({ name }) => name)).toEqual(['other supervisor']);
    const changes = (await eventTypes(server)).filter((type) => type === 'supervisors.changed');
    expect(changes).toHaveLength(3);
  });

  test('see boards, registers and people of their groups, and change none of it', async () => {
    const { supervisor } = cast.visitors;
    const groups = await supervisor.get<{ name: string }[]>('/api/groups');
    expect(groups.value.map(({ name }) => name)).toEqual(['Physics 10B']);
    const sessions = await supervisor.get<{ id: string }[]>('/api/sessions');
    expect(sessions.value.map(({ id }) => id)).toEqual([cast.things.session]);
    for (const part of ['', '/register', '/roster.csv']) {
      expect((await supervisor.get(path() + part)).status, part).toBe(200);
    }
    expect((await supervisor.post(path(), { name: 'Mine' })).status).toBe(403);
    const close = `/api/sessions/${cast.things.session}/close`;
    expect((await supervisor.post(close)).status).toBe(403);
  });

  test('who is no host any more is not shown as one, and is again when the role comes back', async () => {
    const { admin, host } = cast.visitors;
    const names = async () =>
      (await admin.get<{ hosts: { name: string }[] }>(path())).value.hosts.map(({ name }) => name);
    expect(await names()).toContain('Henri Host');
    expect((await give(admin, host, [])).status).toBe(200);
    expect(await names()).not.toContain('Henri Host');
    expect((await give(admin, host, ['host'])).status).toBe(200);
    expect(await names()).toContain('Henri Host');
  });
});
