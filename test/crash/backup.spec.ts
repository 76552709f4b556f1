// Backups by themselves where the disk for them is full, and where the server is killed while it makes one.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Instant } from '../../src/core/brand.ts';
import { type BackupState, loadBackupState, noteBackups } from '../../src/store/backup-state.ts';
import { Arrival, guestComer } from './arrival.ts';
import { type Hall, openHall } from './hall.ts';
import { listFaults } from './ledger-audit.ts';
import { isLinux } from './linux-only.ts';
import { ServerProcess } from './server-process.ts';
import { onSmallDisk } from './small-disk.ts';
import { noon } from './ticking-clock.ts';

const mebibyte = 2 ** 20;
const patience = { timeout: 60_000, interval: 5 };

/** As from the page: whichever process makes backups finds it. */
async function ask(hall: Hall): Promise<void> {
  await using opened = await hall.open();
  const asked = { at: noon as Instant, actor: 'operator' };
  await noteBackups(opened.store, (before) => ({ ...before, asked }));
}

async function stateOf(hall: Hall): Promise<BackupState> {
  await using opened = await hall.open();
  return await loadBackupState(opened.store);
}

test('a full disk for backups keeps nobody from checking in, leaves nothing half, and is told', async () => {
  if (!isLinux('What happens on a full disk')) return;
  await using hall = await openHall(0);
  const from = join(hall.folder, 'from');
  const disk = join(hall.folder, 'disk');
  const kept = join(hall.folder, 'kept');
  await mkdir(from);
  await writeFile(join(from, 'ballast'), new Uint8Array(8 * mebibyte).fill(1));
  const inside = await onSmallDisk({ disk, from, kept, bytes: 8 * mebibyte + 64 * 1024 });
  await ask(hall);
  await using server = await ServerProcess.start(
    { ...hall.options, dayFolder: null, backupFolder: disk },
    inside,
  );
  const { origin } = server;
  const problem = async () => (await stateOf(hall)).failure?.problem;
  await expect.poll(problem, { timeout: 60_000, interval: 500 }).toBe('no-room');
  const arrival = await Arrival.scan(origin, guestComer(hall.roll, 1), noon);
  expect((await arrival.send(origin)).status).toBe(200);
  expect(await server.warnings()).toEqual([]);

  await server.remove(join(disk, 'ballast'));
  await ask(hall);
  const made = async () => (await stateOf(hall)).made.length;
  await expect.poll(made, { timeout: 60_000, interval: 500 }).toBe(1);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  const state = await stateOf(hall);
  expect(state).toMatchObject({ failure: null, begun: null, asked: null });
  expect(await readdir(kept)).toEqual(state.made.map(({ name }) => name));
});

test('a server that is killed while it makes one leaves nothing that its next start does not clean away', async () => {
  await using hall = await openHall(3_000);
  const folder = join(hall.folder, 'backups');
  await mkdir(folder);
  await writeFile(join(folder, 'somebody else’s.part'), '');
  const options = { ...hall.options, dayFolder: null, backupFolder: folder };
  await ask(hall);
  {
    await using server = await ServerProcess.start(options);
    const begun = async () =>
      (await readdir(folder)).some((name) => /\.backup\..*part$/.test(name));
    await expect.poll(begun, patience).toBe(true);
    await server.kill();
  }
  expect((await readdir(folder)).length).toBe(2);
  expect((await stateOf(hall)).begun).not.toBeNull();
  {
    await using server = await ServerProcess.start(options);
    await expect.poll(() => readdir(folder), patience).toEqual(['somebody else’s.part']);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  }
  expect(await stateOf(hall)).toMatchObject({ begun: null, failure: null, made: [] });
  await using opened = await hall.open();
  expect(await listFaults(opened.store)).toEqual([]);
});
