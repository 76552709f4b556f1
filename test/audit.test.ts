import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditPage } from '../src/core/audit.wire.ts';
import type { StreamName } from '../src/core/brand.ts';
import { listAudit } from '../src/store/audit.ts';
import { commit } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open.ts';
import { organisationStream, peopleStream, type Store } from '../src/store/store.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { FakeClock, realClock, startTestServer, type TestServer } from './app.ts';
import { type Cast, openCast } from './cast.ts';
import { engineNames, freshDatabase } from './engines.ts';
import { openAt } from './move-place.ts';

describe('the audit', () => {
  let server: TestServer<typeof realClock>;
  let cast: Cast;
  beforeEach(async () => {
    server = await startTestServer({ clock: realClock });
    cast = await openCast(server);
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const audit = async (query = '', part: 'admin' | 'auditor' = 'auditor') =>
    (await cast.visitors[part].get<AuditPage>(`/api/audit${query}`)).value;
  const idOf = async (part: 'admin' | 'auditor' | 'host') =>
    (await cast.visitors[part].get<{ id: string }>('/api/me')).value.id;

  test('is for administrators and auditors alone', async () => {
    const statuses = await Promise.all(
      (['admin', 'auditor', 'host', 'supervisor', 'attendee', 'nobody'] as const).map(
        async (part) => (await cast.visitors[part].get('/api/audit')).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 403, 403, 403, 401]);
  });

  test('tells who did what to whom, with names, address, device, before and after', async () => {
    const host = await idOf('host');
    await cast.visitors.admin.post(`/api/people/${host}/roles`, { roles: ['host', 'auditor'] });
    const { events } = await audit(`?subject=${host}&kind=role`);
    expect(events[0]).toMatchObject({
      type: 'role.changed',
      stream: 'organisation',
      actor: { id: await idOf('admin'), name: 'Ada Admin' },
      subject: { id: host, name: 'Henri Host' },
      closed: false,
    });
    const { events: signIns } = await audit(`?kind=sign-in.made&actor=${host}`);
    expect(signIns[0]).toMatchObject({ address: '127.0.0.1' });
    expect(signIns[0]?.device).toBeTypeOf('string');
    expect(signIns.every(({ type }) => type === 'sign-in.made')).toBe(true);
  });

  test('reading it is an event, once for many pages', async () => {
    const auditor = await idOf('auditor');
    for (let page = 0; page < 3; page += 1) await audit();
    await audit('', 'admin');
    const { events } = await audit('?kind=audit.read', 'admin');
    expect(events.map(({ actor }) => actor.id).sort()).toEqual(
      [auditor, await idOf('admin')].sort(),
    );
  });

  test('says of every act by somebody who is signed in from which address and device it came', async () => {
    const host = cast.visitors.host;
    host.headers['user-agent'] = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0';
    await host.post(`/api/sessions/${cast.things.session}/marks`, {
      people: [cast.things.petra],
      status: 'present',
    });
    const where = `?stream=session:${cast.things.session}`;
    const { events } = await audit(`${where}&kind=mark`);
    expect(events[0]).toMatchObject({
      device: 'Firefox, Linux',
      address: '127.0.0.1',
      place: null,
    });
    expect(events[0]?.facts).not.toHaveProperty('signIn');
    // the same sign-in elsewhere: what was done before keeps its place, and the move is an event
    host.headers['user-agent'] = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/604.1';
    for (let times = 0; times < 3; times += 1) await host.get('/api/me');
    await host.post(`/api/sessions/${cast.things.session}/pause`);
    const { events: later } = await audit(where);
    expect(later.find(({ type }) => type === 'code.paused')?.device).toBe('Safari, iPhone');
    expect(later.find(({ type }) => type === 'mark')?.device).toBe('Firefox, Linux');
    const { events: moves } = await audit('?kind=sign-in.moved');
    expect(moves.map(({ device, data }) => [device, data])).toEqual([
      ['Safari, iPhone', { before: { device: 'Firefox, Linux', address: '127.0.0.1' } }],
      ['Firefox, Linux', { before: { device: '', address: '127.0.0.1' } }],
    ]);
    // back where it was before: known already
    host.headers['user-agent'] = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0';
    await Promise.all([1, 2, 3].map(() => host.get('/api/me')));
    expect((await audit('?kind=sign-in.moved')).events).toHaveLength(2);
  });

  test('holds who opened whose page and took what out, once in ten minutes each', async () => {
    const { petra, group, session } = cast.things;
    const admin = await idOf('admin');
    for (let times = 0; times < 2; times += 1) {
      await Promise.all(
        ['', '/attendance', '/history'].map((part) =>
          cast.visitors.admin.get(`/api/people/${petra}${part}`),
        ),
      );
      await cast.visitors.host.get(`/api/groups/${group}/register`);
      await cast.visitors.host.get(`/api/groups/${group}/roster.csv`);
      await cast.visitors.host.get(`/api/sessions/${session}/register.csv`);
      await cast.visitors.host.get(`/api/sessions/${session}/history?person=${petra}`);
    }
    await cast.visitors.supervisor.get(`/api/people/${petra}`);
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect((await cast.visitors.admin.get(`/api/people/${nobody}`)).status).toBe(404);
    const { events } = await audit('?stream=reads');
    const told = events
      .filter(({ type }) => type !== 'audit.read')
      .map(({ type, actor, subject }) => [type, actor.name, subject?.name ?? null].join(' | '));
    expect(told.toSorted()).toEqual([
      'person.read | Ada Admin | Petra Pupil',
      'person.read | supervisor | Petra Pupil',
      'register.read | Henri Host | ',
      'roster.exported | Henri Host | ',
      'session.exported | Henri Host | ',
      'session.history-read | Henri Host | Petra Pupil',
    ]);
    expect(events.every(({ address }) => address === '127.0.0.1')).toBe(true);
    expect((await audit(`?stream=reads&actor=${admin}`)).events[0]).toMatchObject({
      type: 'person.read',
    });
  });

  test('holds from where each reading came, also where somebody reads the same elsewhere at the same time', async () => {
    const { admin } = cast.visitors;
    for (const agent of [
      '(X11; Linux x86_64) Firefox/140.0',
      '(iPhone; CPU iPhone OS 19_0) Safari/604.1',
    ]) {
      admin.headers['user-agent'] = `Mozilla/5.0 ${agent}`;
      for (let times = 0; times < 2; times += 1)
        await admin.get(`/api/people/${cast.things.petra}`);
    }
    const { events } = await audit('?kind=person.read');
    expect(events.map(({ device }) => device)).toEqual(['Safari, iPhone', 'Firefox, Linux']);
  });

  test('what cannot be written down is not shown', async () => {
    const { engine } = server.app.store;
    const write = engine.write;
    Object.assign(engine, { write: () => Promise.reject(new Error('read-only')) });
    try {
      expect((await cast.visitors.admin.get('/api/organisation')).status).toBe(200);
      expect((await cast.visitors.admin.get(`/api/people/${cast.things.petra}`)).status).toBe(500);
    } finally {
      Object.assign(engine, { write });
    }
    expect((await cast.visitors.admin.get(`/api/people/${cast.things.petra}`)).status).toBe(200);
  });

  test('of everything is in order of time, over all streams', async () => {
    await audit();
    const lines: { at: number; stream: string }[] = [];
    let cursor = '';
    do {
      const page = await audit(`?stream=all&cursor=${cursor}`);
      lines.push(...page.events);
      cursor = page.cursor ?? '';
    } while (cursor !== '');
    expect(lines.map(({ at }) => at)).toEqual(
      lines.map(({ at }) => at).toSorted((left, right) => right - left),
    );
    const streams = new Set(lines.map(({ stream }) => stream.split(':')[0]));
    expect([...streams].sort()).toEqual(['group', 'organisation', 'people', 'reads', 'session']);
    const { value } = await cast.visitors.auditor.get<AuditPage>(
      '/api/audit?stream=all&kind=session.opened',
    );
    expect(value.events).toHaveLength(2);
  });

  test('of a session says what its events say, and nothing of a stream that is none', async () => {
    const { events } = await audit(`?stream=session:${cast.things.session}`);
    expect(events.at(-1)).toMatchObject({ type: 'session.opened', subject: null });
    for (const wrong of ['stream=other', 'cursor=1', 'kind=%25', 'from=soon', 'odd=1']) {
      const reply = await cast.visitors.auditor.get(`/api/audit?${wrong}`);
      expect([reply.status, reply.problem.code], wrong).toEqual([422, 'input-invalid']);
    }
  });
});

describe('the pages of the audit', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-audit-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const append = (
    store: Store,
    clock: FakeClock,
    drafts: readonly (readonly [StreamName, string, string])[],
  ) => {
    clock.advance(1_000);
    return commit(store, ({ now, append }) =>
      append(
        drafts.map(([stream, type, actor]) => ({
          stream,
          type,
          actor,
          occurredAt: now,
          subject: null,
        })),
      ),
    );
  };
  const everything = {
    streams: [organisationStream, peopleStream],
    from: undefined,
    until: undefined,
    actor: undefined,
    subject: undefined,
    kind: undefined,
  };

  /** All pages, one after the other. */
  async function collect(store: Store, search: Partial<typeof everything> & object) {
    const pages: string[][] = [];
    let tops: readonly number[] | null = null;
    do {
      const found: Awaited<ReturnType<typeof listAudit>> = await listAudit(store, {
        ...everything,
        ...search,
        tops,
      });
      pages.push(found.rows.map(({ stream, seq }) => `${stream} ${seq}`));
      tops = found.tops;
    } while (tops !== null && pages.length < 100);
    return pages;
  }

  test.each(engineNames)('on %s are whole, in order and without repeats', async (engine) => {
    await using database = await freshDatabase(engine);
    const clock = new FakeClock();
    const keysFor = () => join(folder, 'keys');
    await using opened = await openAt(database.address, { keysFor }, clock);
    const { store } = opened;
    const start = clock.now();
    for (let index = 0; index < 120; index += 1) {
      const stream = index % 3 === 0 ? peopleStream : organisationStream;
      await append(store, clock, [[stream, index % 10 === 0 ? 'mark' : 'note', `a${index % 2}`]]);
    }
    const all = await collect(store, {});
    expect(all.map((page) => page.length)).toEqual([50, 50, 20]);
    expect(new Set(all.flat()).size).toBe(120);
    expect(all[0]?.slice(0, 4)).toEqual([
      'organisation 80',
      'organisation 79',
      'people 40',
      'organisation 78',
    ]);
    const marks = (await collect(store, { kind: 'mark' as never })).flat();
    expect(marks).toHaveLength(12);
    const odd = (await collect(store, { actor: 'a1' as never })).flat();
    expect(odd).toHaveLength(60);
    const span = { from: start + 11_000, until: start + 21_000 };
    expect((await collect(store, span as never)).flat()).toHaveLength(10);
  });

  test('that find little say how far they looked, and go on in order', async () => {
    const clock = new FakeClock();
    await using opened = await openStore({
      folder,
      keysFor: () => join(folder, '..', `${folder}-keys`),
      clock,
      random: systemRandom,
      zone: 'Europe/Berlin',
      synchronous: 'OFF',
    });
    const { store } = opened;
    await append(store, clock, [[organisationStream, 'mark', 'one']]);
    await append(store, clock, [[peopleStream, 'mark', 'one']]);
    for (let round = 0; round < 6; round += 1) {
      const many = Array.from(
        { length: 1_000 },
        () => [organisationStream, 'note', 'other'] as const,
      );
      await append(store, clock, many);
    }
    const pages = await collect(store, { kind: 'mark' as never });
    expect(pages).toEqual([[], ['people 1', 'organisation 1']]);
    const first = await listAudit(store, { ...everything, kind: 'mark', tops: null });
    expect(first.lookedBackTo).toBeLessThan(clock.now());
    await rm(`${folder}-keys`, { recursive: true, force: true });
  });
});
