// What tests of backups that are made by themselves look at.
import { readdir } from 'node:fs/promises';
import type { BackupSettings, BackupsView } from '../src/core/backup.wire.ts';
import { organisationStream } from '../src/store/store.ts';
import type { FakeClock, TestServer } from './app.ts';
import type { School } from './school.ts';

/** Every night, two of them stay. */
export const nightly: BackupSettings = {
  on: true,
  time: '02:00',
  keep: { daily: 2, weekly: 0, monthly: 0 },
  elsewhere: false,
};

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
