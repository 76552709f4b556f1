// What the filters of the audit show, as a file: over HTTP and by `muster audit`.
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditLine, AuditPage } from '../src/core/audit.wire.ts';
import { commit } from '../src/store/ledger.ts';
import { organisationStream } from '../src/store/store.ts';
import { realClock, startTestServer, type TestServer } from './app.ts';
import { type Cast, openCast } from './cast.ts';
import { Muster } from './muster.ts';

let server: TestServer<typeof realClock>;
let cast: Cast;
beforeEach(async () => {
  server = await startTestServer({ clock: realClock });
  cast = await openCast(server);
});
afterEach(() => server[Symbol.asyncDispose]());

const take = (query: string, part: 'admin' | 'auditor' | 'host' = 'auditor') =>
  cast.visitors[part].get<string>(`/api/audit/export?${query}`);

test('holds exactly what the filters show, and is itself an event with them', async () => {
  const csv = await take('format=csv&stream=all&kind=session');
  expect(csv.headers.get('content-disposition')).toMatch(/audit-\d{4}-\d\d-\d\d\.csv/);
  const [head, ...rows] = parse(csv.value.replace('\ufeff', ''), {
    record_delimiter: '\r\n',
  }) as string[][];
  expect(head?.slice(0, 4)).toEqual(['Time', 'UTC', 'Event', 'By']);
  expect(rows.map(([, , type, by]) => [type, by])).toEqual([
    ['session.opened', 'Henri Host'],
    ['session.opened', 'Henri Host'],
  ]);
  const json = (
    await cast.visitors.admin.get<{ events: AuditLine[]; complete: boolean }>(
      '/api/audit/export?format=json',
    )
  ).value;
  expect(json.complete).toBe(true);
  const { value } = await cast.visitors.admin.get<AuditPage>('/api/audit');
  const ids = value.events.map(({ id }) => id);
  expect(json.events.map(({ id }) => id)).toEqual(expect.arrayContaining(ids.slice(-20)));
  const { value: noted } = await cast.visitors.admin.get<AuditPage>(
    '/api/audit?kind=audit.exported',
  );
  expect(noted.events.map(({ facts, actor, address }) => [facts, actor.name, address])).toEqual([
    [{ format: 'json', filters: {} }, 'Ada Admin', '127.0.0.1'],
    [{ format: 'csv', filters: { kind: 'session', stream: 'all' } }, 'auditor', '127.0.0.1'],
  ]);
});

test('keeps whoever was looked for under seal: what is typed may be a name', async () => {
  expect((await take('format=csv&subject=Petra%20Pupil&actor=Henri')).status).toBe(200);
  const { value } = await cast.visitors.admin.get<AuditPage>('/api/audit?kind=audit.exported');
  expect(value.events[0]).toMatchObject({
    facts: { format: 'csv', filters: {} },
    data: { by: 'Henri', about: 'Petra Pupil' },
  });
});

test('is for administrators and auditors, and refuses what is no filter', async () => {
  expect((await take('format=csv', 'host')).status).toBe(403);
  expect((await take('format=pdf')).problem.code).toBe('input-invalid');
  expect((await take('format=csv&cursor=1')).problem.code).toBe('input-invalid');
});

test('no text in it is taken for a formula, and no line breaks out of its cell', async () => {
  const { store } = server.app;
  const evil = '=HYPERLINK("http://evil.example";"x")\r\n@SUM(1)';
  await commit(store, ({ now, append }) =>
    append([
      {
        stream: organisationStream,
        type: 'note',
        occurredAt: now,
        actor: evil,
        subject: null,
        data: { address: '+1', device: '-1', note: evil },
      },
    ]),
  );
  const { value } = await take('format=csv&kind=note');
  const [, row] = parse(value.replace('\ufeff', ''), { record_delimiter: '\r\n' }) as string[][];
  expect(row?.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
  expect(row?.[4]).toMatch(/^'=HYPERLINK/);
});

test('of thousands of events comes in pieces, whole and in order', async () => {
  const { store } = server.app;
  for (let round = 0; round < 3; round += 1) {
    await commit(store, ({ now, append }) =>
      append(
        Array.from({ length: 900 }, () => ({
          stream: organisationStream,
          type: 'many',
          occurredAt: now,
          actor: 'operator',
          subject: null,
        })),
      ),
    );
  }
  for (const stream of ['', '&stream=all']) {
    const { value } = await cast.visitors.auditor.get<{ events: AuditLine[] }>(
      `/api/audit/export?format=json&kind=many${stream}`,
    );
    const seqs = value.events.map(({ seq }) => seq);
    expect(seqs).toHaveLength(2_700);
    expect(seqs).toEqual(seqs.toSorted((left, right) => right - left));
  }
});

test('muster audit writes the same', async () => {
  if (process.env.MUSTER_TEST_ENGINE) return;
  const run = async (...args: string[]) => {
    const places = ['--data', join(server.folder, 'data'), '--keys', join(server.folder, 'keys')];
    await using muster = new Muster(server.folder, ['audit', ...args, ...places]);
    return await muster.ended;
  };
  const json = await run('--json', '--kind', 'session');
  expect(json).toMatchObject({ code: 0, err: '' });
  const { events, complete } = JSON.parse(json.out) as {
    events: AuditLine[];
    complete: boolean;
  };
  expect([events.length, complete]).toEqual([2, true]);
  expect(events[0]?.actor.name).toBe('Henri Host');
  const none = await run('--csv', '--until', '2020-01-01', '--stream', 'organisation');
  expect(none.out.trim().split('\n')).toHaveLength(1);
  expect((await run('--from', 'yesterday')).code).toBe(64);
  expect((await run('--stream', 'nothing')).code).toBe(64);
  const told = await cast.visitors.admin.get<AuditPage>('/api/audit?kind=audit.exported');
  expect(told.value.events[0]).toMatchObject({ actor: { id: 'operator' }, place: 'server' });
});
