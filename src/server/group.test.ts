import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { GroupId, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { defaultSettings } from '../core/session.ts';
import type { Status } from '../core/status.ts';
import { commit } from '../store/ledger.ts';
import { sessionStream } from '../store/store.ts';
import { openRoll } from '../store/throwaway.ts';
import { groupRoutes } from './group.route.ts';
import { groupRegisterRoutes } from './group-register.route.ts';
import { personRoutes } from './person.route.ts';
import { openThrowawayApp, type ThrowawayApp } from './throwaway.ts';

// a real database on a busy machine
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let house: ThrowawayApp;
let admin: PersonId;
let host: PersonId;
let other: PersonId;
let attendee: PersonId;
beforeEach(async () => {
  house = await openThrowawayApp([...groupRoutes, ...personRoutes, ...groupRegisterRoutes]);
  admin = await house.addPerson('Root', 'admin');
  host = await house.addPerson('Hypatia', 'host');
  other = await house.addPerson('Euclid', 'host');
  attendee = await house.addPerson('Ada', 'attendee');
});
afterEach(() => house[Symbol.asyncDispose]());

const make = async (by: PersonId, name: string): Promise<GroupId> =>
  (await house.ask(by, '/api/groups', { name })).body.id;

const enrol = async (group: GroupId, number: string, from: string, until: string | null = null) =>
  (
    await house.ask(host, `/api/groups/${group}/people`, {
      number,
      name: `P ${number}`,
      from,
      until,
    })
  ).body.person as PersonId;

/** A closed session of a group on a date, at ten, with these marks. */
async function hold(
  group: GroupId,
  date: string,
  marks: Record<string, Status>,
): Promise<SessionId> {
  const { store } = house;
  const id = await openRoll(store, 'Europe/Berlin', {
    group,
    state: 'closed',
    date: date as LocalDate,
    startsAt: Date.parse(`${date}T10:00:00+01:00`) as never,
  });
  await commit(store, ({ append, now }) =>
    append(
      Object.entries(marks).map(([person, status]) => ({
        stream: sessionStream(id),
        type: 'mark',
        occurredAt: now,
        actor: host,
        subject: person as PersonId,
        record: { status, at: now, minutesLate: 0, how: 'host' as const, pending: false },
      })),
    ),
  );
  return id;
}

describe('groups', () => {
  test('whoever makes one hosts it; a host sees their own, an administrator all', async () => {
    await make(host, 'Zoology');
    await make(host, 'Algebra 10');
    await make(host, 'Algebra 9');
    await make(other, 'Greek');
    const own = (await house.ask(host, '/api/groups')).body;
    expect(own.map(({ name }: { name: string }) => name)).toEqual([
      'Algebra 9',
      'Algebra 10',
      'Zoology',
    ]);
    expect(own[0]).toMatchObject({
      people: 0,
      hosts: ['Hypatia'],
      archived: false,
      openSession: null,
      lastSessionAt: null,
    });
    expect((await house.ask(admin, '/api/groups')).body).toHaveLength(4);
  });

  test('nobody, an attendee and the host of another group get nowhere', async () => {
    const group = await make(host, 'Zoology');
    const paths = ['', '/register'].map((rest) => `/api/groups/${group}${rest}`);
    for (const path of paths) {
      expect((await house.ask(null, path)).status).toBe(401);
      expect((await house.ask(attendee, path)).status).toBe(403);
      expect((await house.ask(other, path)).status).toBe(404);
      expect((await house.ask(admin, path)).status).toBe(200);
    }
    for (const [rest, body] of [
      ['', { name: 'Mine' }],
      ['/hosts', { hosts: [other] }],
      ['/people', { number: '1', name: 'A' }],
      [`/people/${attendee}`, { name: 'A' }],
    ] as const) {
      expect((await house.ask(other, `/api/groups/${group}${rest}`, body)).status).toBe(404);
      expect((await house.ask(null, `/api/groups/${group}${rest}`, body)).status).toBe(401);
    }
    expect((await house.ask(attendee, '/api/groups', { name: 'A' })).status).toBe(403);
    expect((await house.ask(host, '/api/groups/nonsense')).status).toBe(404);
  });

  test('name, settings and being put away change by themselves; the same again leaves no event', async () => {
    const group = await make(host, 'Zoology');
    const path = `/api/groups/${group}`;
    await house.ask(host, path, { name: '  <b>Zoo</b> \u202e ' });
    await house.ask(host, path, { archived: true });
    const settings = { ...defaultSettings, lateAfterMinutes: 7 };
    await house.ask(host, path, { settings });
    await house.ask(host, path, { settings, archived: true });
    const { body } = await house.ask(host, path);
    expect(body).toMatchObject({
      archived: true,
      settings,
      roster: [],
      hosts: [{ id: host, name: 'Hypatia' }],
    });
    expect(body.name).toContain('<b>Zoo</b>');
    const events = await house.store.engine.read
      .selectFrom('event')
      .select('type')
      .where('stream', '=', `group:${group}`)
      .execute();
    expect(events.map(({ type }) => type)).toEqual([
      ...['group.created', 'hosts.changed', 'group.changed', 'group.changed', 'group.changed'],
    ]);
    expect((await house.ask(host, path, { name: '' })).status).toBe(422);
    expect((await house.ask(host, path, { name: 'x'.repeat(10_000) })).status).toBe(422);
    expect((await house.ask(host, path, { role: 'admin' })).status).toBe(422);
  });

  test('hosts are people who may host, at least one; open connections are checked again', async () => {
    const group = await make(host, 'Zoology');
    const path = `/api/groups/${group}/hosts`;
    const before = house.rechecks();
    expect((await house.ask(host, path, { hosts: [] })).body.code).toBe('last-host');
    expect((await house.ask(host, path, { hosts: [host, attendee] })).body.code).toBe('not-found');
    expect((await house.ask(host, path, { hosts: [other, host, other] })).status).toBe(200);
    expect((await house.ask(other, `/api/groups/${group}`)).status).toBe(200);
    await house.ask(other, path, { hosts: [other] });
    expect(house.rechecks()).toBe(before + 2);
    expect((await house.ask(host, `/api/groups/${group}`)).status).toBe(404);
  });
});

describe('register and rates', () => {
  test('nobody is counted before enrolment or after its end, excused leaves the denominator', async () => {
    const group = await make(host, 'Zoology');
    const ada = await enrol(group, '1', '2026-09-01');
    const bob = await enrol(group, '2', '2026-09-08', '2026-09-14');
    await hold(group, '2026-09-01', { [ada]: 'present' });
    await hold(group, '2026-09-08', { [ada]: 'excused', [bob]: 'late' });
    await hold(group, '2026-09-15', { [ada]: 'absent', [bob]: 'present' });
    const { body } = await house.ask(host, `/api/groups/${group}/register`);
    expect(body.sessions).toMatchObject([
      { date: '2026-09-01', time: '11:00', state: 'closed' },
      { date: '2026-09-08' },
      { date: '2026-09-15' },
    ]);
    expect(body.people).toMatchObject([
      {
        person: ada,
        number: '1',
        marks: ['present', 'excused', 'absent'],
        rate: { counted: 2, rate: 0.5 },
      },
      { person: bob, number: '2', marks: ['-', 'late', 'present'], rate: { counted: 1, rate: 1 } },
    ]);
    const { roster } = (await house.ask(host, `/api/groups/${group}`)).body;
    expect(roster[0]).toMatchObject({
      person: ada,
      from: '2026-09-01',
      until: null,
      rate: { rate: 0.5 },
    });
  });

  test('whoever has no mark in a closed session was absent, in the register as in the rate', async () => {
    const group = await make(host, 'Zoology');
    await enrol(group, '1', '2026-09-01');
    await hold(group, '2026-09-01', {});
    const { people } = (await house.ask(host, `/api/groups/${group}/register`)).body;
    expect(people[0]).toMatchObject({ marks: ['absent'], rate: { absent: 1, rate: 0 } });
  });
});
