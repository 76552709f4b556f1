// What tests of backups that are made by themselves look at.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupSettings, BackupsView } from '../src/core/backup.wire.ts';
import { organisationStream } from '../src/store/store.ts';
import { type FakeClock, startTestServer, type TestServer } from './app.ts';
import { openSchool, type School } from './school.ts';

/** Every night, two of them stay. */
export const nightly: BackupSettings = {
  on: true,
  time: '02:00',
  keep: { daily: 2, weekly: 0, monthly: 0 },
  elsewhere: false,
};

/** A folder for backups in a home, and the stack of what a test opens: once that is disposed of, all is gone. */
export async function openNight() {
  const home = await mkdtemp(join(tmpdir(), 'muster-backups-'));
  const open = new AsyncDisposableStack();
  open.defer(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, 'backups');
  await mkdir(folder);
  return { home, folder, open };
}

export async function setBackups(
  school: School,
  change: Partial<BackupSettings> = {},
): Promise<void> {
  await school.admin.post('/api/backups/settings', { ...nightly, ...change });
}

/** What an administrator's page gets. */
export const seeBackups = async (school: School): Promise<BackupsView> =>
  (await school.admin.get<BackupsView>('/api/backups')).value;

export const filesIn = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

/** Actors and facts of the organisation's events of a type. */
export async function eventsOf({ app }: TestServer<FakeClock>, type: string) {
  const rows = await app.store.engine.read
    .selectFrom('event')
    .select(['actor', 'facts'])
    .where('stream', '=', organisationStream)
    .where('type', '=', type)
    .orderBy('seq')
    .execute();
  return rows.map(({ actor, facts }) => ({ actor, ...JSON.parse(facts) }));
}

/** A tenure that does not end. */
export const tenure = { signal: new AbortController().signal, holds: () => true };

/** A server that makes backups in this folder, whenever a test lets it look. */
export async function startNightly(
  open: AsyncDisposableStack,
  folder: string,
  make = false,
): Promise<[TestServer<FakeClock>, School]> {
  const server = open.use(
    await startTestServer({ config: { backupFolder: { path: folder, make } } }),
  );
  const school = await openSchool(server);
  // the looks are the test's own
  await server.app.leases[Symbol.asyncDispose]();
  return [server, school];
}

/** The job looks for something to do at this moment. */
export async function look({ app }: TestServer<FakeClock>): Promise<void> {
  await app.backups?.look(tenure);
}

/** Turns the clock on; who was signed in signs in again, where that is too long. */
export async function pass(
  server: TestServer<FakeClock>,
  school: School,
  ms: number,
): Promise<void> {
  server.clock.advance(ms);
  await school.signInAgain();
}
