// node test/upgrade/save.ts: keeps a small installation of the newest schema version as a fixture, so that every later
// version can show that it takes it over. Run it when a schema version is final, before its release.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newestVersion } from '../../src/store/migrations/map.ts';
import { FakeClock, startTestServer } from '../app.ts';
import { adminEmail, adminPassword } from '../school.ts';
import { Visitor } from '../visitor.ts';
import type { Fixture } from './fixture.ts';
import { readBoards } from './fixture-board.ts';
import { liveSchoolDay } from './school-day.ts';

const target = join(import.meta.dirname, 'fixtures', `version-${newestVersion}`);
const folder = await mkdtemp(join(tmpdir(), 'muster-fixture-'));
try {
  const about = await live();
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const part of ['data', 'keys']) {
    await cp(join(folder, part), join(target, part), { recursive: true });
  }
  await writeFile(join(target, 'fixture.json'), `${JSON.stringify(about, null, 2)}\n`);
  process.stdout.write(`Saved ${target}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function live(): Promise<Fixture> {
  const { sessions, savedAt } = await liveDay();
  // by a server that has just been started: what an erasure leaves behind in memory does not count
  await using server = await startTestServer({ clock: new FakeClock(savedAt), folder });
  const admin = new Visitor(server.origin);
  const account = { login: adminEmail, password: adminPassword };
  await admin.post('/api/sign-in', account);
  return { schema: newestVersion, savedAt, account, boards: await readBoards(admin, sessions) };
}

async function liveDay() {
  await using server = await startTestServer({ clock: new FakeClock(), folder });
  const { sessions } = await liveSchoolDay(server);
  return { sessions, savedAt: server.clock.now() };
}
