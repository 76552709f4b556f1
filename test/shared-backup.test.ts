// Backups by themselves where several instances could make them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackupsView } from '../src/core/backup.wire.ts';
import { serverNames } from './engines.ts';
import { startInstances } from './instances.ts';
import { eventsOf, filesIn, seeBackups, setBackups } from './nightly.ts';
import { openSchool } from './school.ts';
import { Visitor } from './visitor.ts';

const dayMs = 24 * 3_600_000;

let folder: string;
let open: AsyncDisposableStack;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-backups-'));
  open = new AsyncDisposableStack();
});
afterEach(async () => {
  await open.disposeAsync();
  await rm(folder, { recursive: true, force: true });
});

const files = () => filesIn(folder);

describe.each(serverNames)('two instances on %s', (engine) => {
  test('make one backup between them, and either can be asked', async () => {
    const instances = open.use(
      await startInstances(engine, { backupFolder: { path: folder, make: false } }),
    );
    const { first, second, clock } = instances;
    const school = await openSchool(second);
    // as if it had been begun days ago: a clock that jumps would take every lease away
    const { engine: database, clock: time } = first.app.store;
    await database.write((tx) =>
      tx
        .updateTable('organisation')
        .set({ created_at: time.now() - 2 * dayMs })
        .execute(),
    );
    const [holder, other] = first.app.leases.holds('backup') ? [first, second] : [second, first];
    expect(other.app.leases.holds('backup')).toBe(false);
    await setBackups(school);
    await expect.poll(files).toEqual(['muster-2026-11-23T080000Z.backup']);
    await expect.poll(async () => (await seeBackups(school)).backups.length).toBe(1);
    clock.advance(1_000);
    const visitor = new Visitor(other.origin);
    for (const [name, value] of school.admin.cookies) visitor.cookies.set(name, value);
    expect((await visitor.post('/api/backups')).status).toBe(200);
    const nextName = 'muster-2026-11-23T080001Z.backup';
    await expect.poll(files).toContain(nextName);
    await expect
      .poll(async () => (await visitor.get<BackupsView>('/api/backups')).value)
      .toMatchObject({
        place: 'elsewhere',
        folder: null,
        running: null,
        backups: [{ name: nextName }],
      });
    expect((await eventsOf(holder, 'backup.made')).length).toBe(2);
    // the holder goes: the other takes over
    await holder.app.leases[Symbol.asyncDispose]();
    await expect.poll(() => other.app.leases.holds('backup')).toBe(true);
    clock.advance(dayMs);
    await expect.poll(files).toContain('muster-2026-11-24T080001Z.backup');
    await expect.poll(async () => (await eventsOf(other, 'backup.made')).length).toBe(3);
  });

  test('only one that was given a folder makes them', async () => {
    const { first, second } = open.use(
      await startInstances(engine, {}, { backupFolder: { path: folder, make: false } }),
    );
    const school = await openSchool(first);
    expect(first.app.leases.holds('backup')).toBe(false);
    expect(second.app.leases.holds('backup')).toBe(true);
    expect(await seeBackups(school)).toMatchObject({ place: 'elsewhere', folder: null });
    expect((await school.admin.post('/api/backups')).status).toBe(200);
    await expect.poll(async () => (await files()).length).toBe(1);
  });
});
