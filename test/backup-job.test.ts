// Backups that are made by themselves: the real server with a clock that is turned by hand.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackupsView } from '../src/core/backup.wire.ts';
import type { Installation } from '../src/core/organisation.wire.ts';
import { noteBackups } from '../src/store/backup-state.ts';
import { commit } from '../src/store/ledger.ts';
import { organisationStream } from '../src/store/store.ts';
import { startTestServer } from './app.ts';
import { engineNames, freshDatabase } from './engines.ts';
import {
  eventsOf,
  filesIn,
  look,
  nightly,
  openNight,
  pass,
  seeBackups,
  setBackups,
  startNightly,
  tenure,
} from './nightly.ts';
import { hostPassword, openSchool, type School } from './school.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let home: string;
let folder: string;
let open: AsyncDisposableStack;

beforeEach(async () => {
  ({ home, folder, open } = await openNight());
});
afterEach(() => open.disposeAsync());

const files = () => filesIn(folder);

const warnings = async (school: School) => {
  const { value } = await school.admin.get<Installation>('/api/installation');
  return value.warnings.map(({ kind, detail }) => ({ kind, detail }));
};

const start = (make?: boolean) => startNightly(open, folder, make);

describe.each(engineNames)('a backup by itself on %s', (engine) => {
  test('is made once when it is due, also for many days that the machine slept', async () => {
    const database = open.use(await freshDatabase(engine));
    const server = open.use(
      await startTestServer({
        address: database.address,
        folder: engine === 'sqlite' ? join(home, 'sqlite') : home,
        config: {
          backupFolder: { path: folder, make: false },
          ...(database.address.engine === 'sqlite'
            ? { dataFolder: database.address.folder as string }
            : {}),
        },
      }),
    );
    const school = await openSchool(server);
    await server.app.leases[Symbol.asyncDispose]();
    await setBackups(school);
    await look(server);
    expect(await files()).toEqual([]);
    await pass(server, school, 17 * hourMs);
    await look(server);
    await look(server);
    expect(await files()).toEqual(['muster-2026-11-24T010000Z.backup']);
    await pass(server, school, 5 * dayMs);
    await look(server);
    await look(server);
    expect(await files()).toEqual([
      'muster-2026-11-24T010000Z.backup',
      'muster-2026-11-29T010000Z.backup',
    ]);
    expect(await eventsOf(server, 'backup.made')).toMatchObject([
      { actor: 'job' },
      { actor: 'job' },
    ]);
  });
});

describe('what fails', () => {
  test('is an event and a warning, is tried again after pauses that grow, and passes', async () => {
    const [server, school] = await start();
    await setBackups(school);
    await rm(folder, { recursive: true });
    await pass(server, school, dayMs);
    const minute = 60_000;
    for (const pause of [0, minute - 1, 1, 5 * minute - 1, 1, 15 * minute]) {
      server.clock.advance(pause);
      await look(server);
      await look(server);
    }
    expect(await eventsOf(server, 'backup.failed')).toEqual(
      [1, 2, 3, 4].map((tries) => ({ actor: 'job', problem: 'folder-missing', tries })),
    );
    await school.signInAgain();
    expect(await seeBackups(school)).toMatchObject({
      failure: { problem: 'folder-missing', tries: 4 },
      folderProblem: 'folder-missing',
      nextAt: server.clock.now() + 60 * minute,
      newestAt: null,
    });
    expect(await warnings(school)).toEqual([
      { kind: 'backup-failed', detail: { problem: 'folder-missing' } },
    ]);
    // a folder that was named is never made: its disk may not be mounted
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
    await mkdir(folder);
    server.clock.advance(60 * minute);
    await look(server);
    expect((await files()).length).toBe(1);
    expect(await seeBackups(school)).toMatchObject({ failure: null, folderProblem: null });
    expect(await warnings(school)).toEqual([]);
  });

  test('a file instead of the folder is no folder', async () => {
    const [server, school] = await start();
    await setBackups(school);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'mine');
    await pass(server, school, dayMs);
    await look(server);
    expect(await seeBackups(school)).toMatchObject({ failure: { problem: 'folder-missing' } });
  });

  test('what a killed process left is cleaned away, and nothing else that looks like it', async () => {
    const [server, school] = await start();
    await setBackups(school);
    const at = server.clock.now();
    const name = 'muster-2026-11-23T080000Z.backup';
    await noteBackups(server.app.store, (before) => ({
      ...before,
      begun: { name, at, actor: 'job' },
    }));
    const left = [`${name}.0123abcd.part`, `${name}.89abcdef.copy-journal`];
    const foreign = [
      `${name}.mine.part`,
      `${name}.0123abcd.part.txt`,
      'muster-2026-11-22T080000Z.backup.0123abcd.part',
    ];
    for (const file of [...left, ...foreign]) await writeFile(join(folder, file), 'x');
    await look(server);
    expect(await files()).toEqual(foreign.toSorted());
    expect((await seeBackups(school)).running).toBeNull();
  });

  test('whoever lost the lease leaves what another has begun alone', async () => {
    const [server, school] = await start();
    await setBackups(school);
    const name = 'muster-2026-11-23T080000Z.backup';
    await noteBackups(server.app.store, (before) => ({
      ...before,
      begun: { name, at: server.clock.now(), actor: 'job' },
    }));
    await writeFile(join(folder, `${name}.0123abcd.part`), 'x');
    await server.app.backups?.look({ ...tenure, holds: () => false });
    expect(await files()).toEqual([`${name}.0123abcd.part`]);
    expect((await seeBackups(school)).running).not.toBeNull();
  });

  test('a job that ends in the middle leaves no file, no failure, and is done the next time', async () => {
    const [server, school] = await start();
    await setBackups(school);
    await pass(server, school, dayMs);
    const controller = new AbortController();
    controller.abort();
    await server.app.backups?.look({ signal: controller.signal, holds: () => true });
    // ended once it had begun
    const ending = new AbortController();
    let held = 0;
    await server.app.backups?.look({
      signal: ending.signal,
      holds: () => {
        held += 1;
        queueMicrotask(() => ending.abort());
        return true;
      },
    });
    expect(held).toBe(1);
    expect(await files()).toEqual([]);
    expect(await seeBackups(school)).toMatchObject({ failure: null, running: null, backups: [] });
    await look(server);
    expect((await files()).length).toBe(1);
  });
});

describe('a backup that is asked for', () => {
  test('is made within moments by the server itself, in the name of who asked', async () => {
    const server = open.use(
      await startTestServer({ config: { backupFolder: { path: folder, make: false } } }),
    );
    const school = await openSchool(server);
    await setBackups(school, { on: false });
    expect(await seeBackups(school)).toMatchObject({ place: 'here', nextAt: null, newestAt: null });
    expect((await school.admin.post('/api/backups')).status).toBe(200);
    await expect.poll(async () => (await seeBackups(school)).backups.length).toBe(1);
    const me = (await school.admin.get<{ id: string }>('/api/me')).value.id;
    expect(await eventsOf(server, 'backup.made')).toMatchObject([{ actor: me }]);
    expect(await seeBackups(school)).toMatchObject({
      newestAt: server.clock.now(),
      ageDays: 0,
      old: false,
      running: null,
    });
  });

  test('is refused where there is no folder, and says so', async () => {
    const server = open.use(await startTestServer());
    const school = await openSchool(server);
    expect((await school.admin.post('/api/backups')).problem.code).toBe('backup-folder-missing');
    expect(await seeBackups(school)).toMatchObject({ place: 'none', folder: null, nextAt: null });
  });

  test('into the folder beside the data makes it, for nobody else to look into', async () => {
    const [server, school] = await start(true);
    await rm(folder, { recursive: true });
    expect(await seeBackups(school)).toMatchObject({ folderProblem: null, sameDisk: true });
    await school.admin.post('/api/backups');
    await look(server);
    expect((await files()).length).toBe(1);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

describe('who may', () => {
  test('an auditor sees all but where the folder lies, and changes nothing; a host is not even warned', async () => {
    const [server, school] = await start();
    const auditor = await school.inviteHost([], 'Aud Itor', 'aud@example.org', 'auditor');
    const host = await school.inviteHost();
    await setBackups(school, { on: false });
    const { value } = await auditor.get<BackupsView>('/api/backups');
    expect(value).toMatchObject({ place: 'here', folder: null });
    expect((await seeBackups(school)).folder).toBe(folder);
    expect((await auditor.post('/api/backups')).problem.code).toBe('not-allowed');
    expect((await auditor.post('/api/backups/settings', nightly)).problem.code).toBe('not-allowed');
    expect((await host.get('/api/backups')).problem.code).toBe('not-allowed');
    expect(await files()).toEqual([]);
    await pass(server, school, 3 * dayMs);
    expect(await warnings(school)).toEqual([{ kind: 'no-backup', detail: {} }]);
    await host.post('/api/sign-in', { login: 'henri@example.org', password: hostPassword });
    const installation = await host.get<Installation>('/api/installation');
    expect(installation.value.warnings).toEqual([]);
  });

  test('no folder can be chosen by a request, nor a time or a number that is none', async () => {
    const [server, school] = await start();
    for (const change of [
      { folder: '/tmp' },
      { time: '24:00' },
      { time: '2:00' },
      { keep: { daily: 0, weekly: 0, monthly: 0 } },
      { keep: { daily: 1, weekly: 0, monthly: 1e9 } },
    ]) {
      const reply = await school.admin.post('/api/backups/settings', { ...nightly, ...change });
      expect(reply.problem.code, JSON.stringify(change)).toBe('input-invalid');
    }
    await setBackups(school, { time: '13:30' });
    expect(await eventsOf(server, 'backup.changed')).toMatchObject([
      { before: { time: '02:00' }, after: { time: '13:30' } },
    ]);
    expect((await seeBackups(school)).nextAt).toBe(Date.parse('2026-11-23T13:30:00+01:00'));
  });
});

describe('the warning', () => {
  test('comes when the newest is three days old, whoever made it, unless they are made otherwise', async () => {
    const [server, school] = await start();
    await setBackups(school, { on: false });
    await pass(server, school, 3 * dayMs - 1);
    expect(await warnings(school)).toEqual([]);
    server.clock.advance(1);
    expect(await warnings(school)).toEqual([{ kind: 'no-backup', detail: {} }]);
    // by the command, somewhere else
    const { store } = server.app;
    await commit(store, ({ append, now }) =>
      append([
        {
          stream: organisationStream,
          type: 'backup.made',
          occurredAt: now,
          actor: 'operator',
          subject: null,
        },
      ]),
    );
    expect(await warnings(school)).toEqual([]);
    await pass(server, school, 4 * dayMs);
    expect(await warnings(school)).toEqual([{ kind: 'no-backup', detail: { days: 4 } }]);
    await setBackups(school, { on: false, elsewhere: true });
    expect(await warnings(school)).toEqual([]);
    expect(await seeBackups(school)).toMatchObject({ old: true, ageDays: 4 });
  });
});
