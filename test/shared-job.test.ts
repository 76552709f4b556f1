import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { SessionId } from '../src/core/brand.ts';
import { InterruptedClosings } from '../src/server/interrupted-closing.ts';
import { commit } from '../src/store/ledger.ts';
import { updateSession } from '../src/store/session.ts';
import { sessionStream } from '../src/store/store.ts';
import type { FakeClock, TestServer } from './app.ts';
import { ServerProcess } from './crash/server-process.ts';
import { serverNames } from './engines.ts';
import { type Instances, startInstances } from './instances.ts';
import { openSchool, type School } from './school.ts';

const minute = 60_000;
let open: AsyncDisposableStack;

afterEach(() => open?.disposeAsync());

async function start(...args: Parameters<typeof startInstances>): Promise<Instances> {
  open = new AsyncDisposableStack();
  return open.use(await startInstances(...args));
}

/** A class of three with a session that is planned for an hour from now. */
async function plan(server: TestServer<FakeClock>): Promise<[School, SessionId]> {
  const school = await openSchool(server);
  const group = await school.addClass([
    ['001', 'Amal'],
    ['002', 'Björn'],
    ['003', 'Chi'],
  ]);
  const startsAt = server.clock.now() + 60 * minute;
  const session = await school.openSession({ group, startsAt, endsAt: startsAt + 45 * minute });
  return [school, session];
}

/** What happened in the session by itself, how often. */
async function storyOf({ app }: TestServer<FakeClock>, session: SessionId) {
  const rows = await app.store.engine.read
    .selectFrom('event')
    .select('type')
    .where('stream', '=', sessionStream(session))
    .where('actor', '=', 'job')
    .orderBy('seq')
    .execute();
  return rows.map(({ type }) => type);
}

const whole = ['session.opened', 'session.closed', 'absence', 'absence', 'absence'];
const jobs = ['sessions', 'housekeeping', 'retention', 'mail', 'audit'];

describe.each(serverNames)('jobs of two instances on %s', (engine) => {
  test('are done once: one instance has them, and on its end the other takes them', async () => {
    const { first, second, clock } = await start(engine);
    const holders = () =>
      jobs.map((job) => [first, second].filter(({ app }) => app.leases.holds(job)).length);
    expect(holders()).toEqual(jobs.map(() => 1));
    const [school, session] = await plan(second);
    clock.advance(61 * minute);
    await school.signInAgain();
    await expect.poll(async () => (await school.board(session)).state).toBe('open');
    clock.advance(60 * minute);
    await expect.poll(() => storyOf(second, session)).toEqual(whole);
    // the leases ended with the turn of the clock: who had them notices when it renews them
    await expect.poll(holders).toEqual(jobs.map(() => 1));
    const next = await school.openSession({ endsAt: clock.now() + 45 * minute });
    await first.server.app.leases[Symbol.asyncDispose]();
    await expect.poll(() => second.app.leases.holds('sessions')).toBe(true);
    clock.advance(51 * minute);
    await expect.poll(() => storyOf(second, next)).toEqual(['session.closed']);
    expect(await storyOf(second, session)).toEqual(whole);
  });

  test('go on elsewhere when their instance is killed', async () => {
    const instances = await start(engine);
    const { first, second, clock, address, folder } = instances;
    const child = open.use(
      await ServerProcess.start({
        address,
        dataFolder: join(folder, 'data'),
        keyFolder: join(folder, 'keys'),
        dayFolder: null,
        webFolder: first.app.webFolder,
        zone: 'Europe/Berlin',
        synchronous: 'FULL',
        now: clock.now(),
      }),
    );
    for (const { app } of [first, second]) await app.leases[Symbol.asyncDispose]();
    const holders = async () => {
      const rows = await first.app.store.engine.read.selectFrom('lease').select('job').execute();
      return rows.map(({ job }) => job).sort();
    };
    await expect.poll(holders).toEqual([...jobs].sort());
    const other = open.use(await instances.start());
    const [school, session] = await plan(other);
    expect(jobs.some((job) => other.app.leases.holds(job))).toBe(false);
    await child.kill();
    clock.advance(61 * minute);
    await school.signInAgain();
    await expect.poll(async () => (await school.board(session)).state).toBe('open');
    clock.advance(60 * minute);
    await expect.poll(() => storyOf(other, session)).toEqual(whole);
  });

  test('finish a closing whose instance died before it marked the absent', async () => {
    const { first, second, clock } = await start(engine);
    const [school, session] = await plan(second);
    // the looks are the test's own
    for (const { app } of [first, second]) await app.leases[Symbol.asyncDispose]();
    const { app } = first;
    const closings = new InterruptedClosings(app);
    const tenure = { signal: new AbortController().signal, holds: () => true };
    await closings.finish(tenure);
    // as far as an instance came that died then
    const { store } = second.app;
    await commit(store, ({ tx, now }) =>
      updateSession(store, tx, session, { state: 'closed', closed_at: now }),
    );
    await closings.finish(tenure);
    expect(await storyOf(first, session)).toEqual([]);
    clock.advance(11_000);
    await closings.finish({ ...tenure, holds: () => false });
    expect(await storyOf(first, session)).toEqual([]);
    await Promise.all([
      closings.finish(tenure),
      new InterruptedClosings(second.app).finish(tenure),
    ]);
    expect(await storyOf(first, session)).toEqual(['absence', 'absence', 'absence']);
    expect((await school.board(session)).people.map(({ record }) => record.status)).toEqual([
      'absent',
      'absent',
      'absent',
    ]);
  });

  test('write day files on one of them; the other catches up when it takes over', async () => {
    const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'muster-days-')));
    const [here = '', there = ''] = folders;
    try {
      const { first, second } = await start(engine, { dayFolder: here }, { dayFolder: there });
      const school = await openSchool(second);
      const settings = await school.admin.get<object>('/api/organisation');
      await school.admin.post('/api/organisation', { ...settings.value, dayFiles: true });
      const session = await school.openSession();
      await school.phone().checkIn(await school.token(session), '001', 'Amal');
      const read = (folder: string) =>
        readdirSync(folder)
          .filter((name) => existsSync(join(folder, name)))
          .map((name) => readFileSync(join(folder, name), 'utf8').split(/\r?\n/));
      const names = (folder: string) => read(folder).map((lines) => lines.length);
      await expect.poll(() => names(here)).toEqual([3]);
      expect(read(there)).toEqual([]);
      await first.app.leases[Symbol.asyncDispose]();
      await school.phone().checkIn(await school.token(session), '002', 'Björn');
      await expect.poll(() => names(there)).toEqual([4]);
      expect(names(here)).toEqual([3]);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true });
    }
  });
});
