// The anchor of each day: made by itself, shown, taken out, mailed, and compared by what was mailed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFingerprint, writeFingerprint } from '../src/core/anchor.ts';
import type { AnchorLine } from '../src/core/anchor.wire.ts';
import { anchorDaily, presentAnchors } from '../src/server/anchor.ts';
import { operator } from '../src/server/gate.ts';
import { presentMail } from '../src/server/mail.ts';
import { insertGroup } from '../src/store/group.ts';
import { followStretches } from '../src/store/stretch.ts';
import { FakeClock, startTestServer, type TestServer } from './app.ts';
import { Muster } from './muster.ts';
import { openSchool, type School } from './school.ts';

let folder: string;
let server: TestServer<FakeClock>;
let school: School;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-anchor-daily-'));
  server = await startTestServer({ clock: new FakeClock('2026-11-23T09:00:00Z'), folder });
  school = await openSchool(server);
  // the looks are the test's own
  await server.app.leases[Symbol.asyncDispose]();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const list = () => presentAnchors(server.app);
/** What the job does. */
const run = async () => {
  await followStretches(server.app.store, () => true);
  await anchorDaily(server.app);
};

test('is made once its time has come, where something was done, and mailed', async () => {
  const settings = { time: '06:30', to: ['Safe@example.org', 'safe@example.org'] };
  expect((await school.admin.post('/api/anchors/settings', settings)).status).toBe(200);
  await run();
  expect((await list()).anchors).toEqual([]);
  server.clock.set('2026-11-24T05:29:00Z');
  await run();
  expect((await list()).anchors).toEqual([]);
  server.clock.set('2026-11-24T05:30:00Z');
  await run();
  await run();
  const { anchors, settings: stands, key } = await list();
  expect(anchors).toHaveLength(1);
  expect(stands.time).toBe('06:30');
  expect(key).toMatch(/^[\w-]{43}$/);
  // nothing happened but the anchor itself
  server.clock.set('2026-11-25T06:00:00Z');
  await run();
  expect((await list()).anchors).toHaveLength(1);
  await insertGroup(server.app.store, operator, { name: 'Physics 10B', settings: {} as never });
  server.clock.set('2026-11-26T06:00:00Z');
  await run();
  expect((await list()).anchors).toHaveLength(2);
  const mails = await presentMail(server.app);
  const digests = (await list()).anchors.map(({ digest }) => digest);
  const mailed = mails.filter(({ to }) => to.toLowerCase() === 'safe@example.org');
  expect(new Set(mailed.map(({ text }) => readFingerprint(text ?? '')))).toEqual(new Set(digests));
});

test('can be had at once, taken out, and compared by what was mailed or printed', async () => {
  const { value: made } = await school.admin.post<AnchorLine>('/api/anchors');
  const { value: text } = await school.admin.get<string>(`/api/anchors/${made.digest}`);
  expect(text).toMatch(/^muster anchor 1\n/);
  await school.addGroup('Physics 10B');
  const { value: next } = await school.admin.post<AnchorLine>('/api/anchors');
  expect((await school.admin.get<string>(`/api/anchors/${next.digest}`)).value).toContain(
    `after ${made.digest}\n`,
  );
  expect((await school.admin.get(`/api/anchors/${'0'.repeat(64)}`)).status).toBe(404);
  await server[Symbol.asyncDispose]();
  const verify = async (anchor: string) => {
    const args = ['--data', join(folder, 'data'), '--keys', join(folder, 'keys')];
    await using muster = new Muster(folder, ['verify', '--anchor', anchor, ...args]);
    return await muster.ended;
  };
  if (process.env.MUSTER_TEST_ENGINE) return;
  const mail = join(folder, 'mail.txt');
  await writeFile(mail, `> Fingerprint:\r\n> ${writeFingerprint(next.digest)}\r\n`);
  const good = await verify(mail);
  expect(good).toMatchObject({ code: 0, err: '' });
  expect(good.out).toMatch(/with 1 anchor before it/);
  expect((await verify(writeFingerprint(made.digest).toUpperCase())).code).toBe(0);
  const unknown = await verify('0'.repeat(64));
  expect(unknown.code).not.toBe(0);
  expect(unknown.err).toMatch(/No anchor with the fingerprint/);
});

test('its settings are an administrator’s, with before and after in the audit', async () => {
  const wrong = await school.admin.post('/api/anchors/settings', { time: '25:00', to: [] });
  expect(wrong.status).toBe(422);
  const address = await school.admin.post('/api/anchors/settings', { time: null, to: ['nobody'] });
  expect(address.problem.code).toBe('email-malformed');
  await school.admin.post('/api/anchors/settings', { time: null, to: ['safe@example.org'] });
  const { value } = await school.admin.get<{ events: unknown[] }>('/api/audit?kind=anchors');
  expect(value.events).toMatchObject([
    {
      facts: { before: { time: '04:00' }, after: { time: null } },
      data: { before: { to: [] }, after: { to: ['safe@example.org'] } },
    },
  ]);
  server.clock.advance(3 * 24 * 3_600_000);
  await run();
  expect((await list()).anchors).toEqual([]);
});
