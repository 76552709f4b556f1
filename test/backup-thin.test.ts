// Which of the backups that are made by themselves stay.
import { createHash } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Instant } from '../src/core/brand.ts';
import type { BackupFolder } from '../src/server/backup-folder.ts';
import { noteBackups } from '../src/store/backup-state.ts';
import {
  eventsOf,
  filesIn,
  look,
  openNight,
  pass,
  seeBackups,
  setBackups,
  startNightly,
} from './nightly.ts';

const dayMs = 24 * 3_600_000;

let home: string;
let folder: string;
let open: AsyncDisposableStack;

beforeEach(async () => {
  ({ home, folder, open } = await openNight());
});
afterEach(() => open.disposeAsync());

const files = () => filesIn(folder);
const start = () => startNightly(open, folder);

describe('which stay', () => {
  test('no file elsewhere goes, whatever name somebody wrote into the database', async () => {
    const [server, school] = await start();
    await setBackups(school);
    const victim = join(home, 'victim.txt');
    await writeFile(victim, 'kept');
    const mark = createHash('sha256').update('kept').digest('hex');
    const at = (server.clock.now() - 300 * dayMs) as Instant;
    const forged = { name: '../victim.txt', at, bytes: 4, mark, sound: true };
    await noteBackups(server.app.store, (before) => ({ ...before, made: [forged] }));
    for (let day = 0; day < 3; day += 1) {
      await pass(server, school, dayMs);
      await look(server);
    }
    expect(await readFile(victim, 'utf8')).toBe('kept');
    expect(await files()).toHaveLength(2);
  });

  test('are what the rule says; no other file is touched, whatever it is called', async () => {
    const [server, school] = await start();
    await setBackups(school);
    const foreign = ['muster-2020-01-01T000000Z.backup', 'notes.txt', 'x.backup.0123abcd.part'];
    for (const name of foreign) await writeFile(join(folder, name), 'somebody else’s');
    const make = async () => {
      await pass(server, school, dayMs);
      await look(server);
    };
    for (let day = 0; day < 4; day += 1) await make();
    const made = ['muster-2026-11-26T080000Z.backup', 'muster-2026-11-27T080000Z.backup'];
    expect(await files()).toEqual([...foreign, ...made].sort());
    expect(await eventsOf(server, 'backup.thinned')).toEqual([
      { actor: 'job', files: 1 },
      { actor: 'job', files: 1 },
    ]);
    // one that was changed, or replaced by another, is not ours any more: it stays, and is counted no more
    await truncate(join(folder, made[0] as string), 100);
    await writeFile(join(folder, made[1] as string), 'replaced');
    for (let day = 0; day < 3; day += 1) await make();
    expect(await files()).toEqual(
      [
        ...foreign,
        ...made,
        'muster-2026-11-29T080000Z.backup',
        'muster-2026-11-30T080000Z.backup',
      ].sort(),
    );
    expect((await seeBackups(school)).backups.map(({ name }) => name)).toEqual([
      'muster-2026-11-30T080000Z.backup',
      'muster-2026-11-29T080000Z.backup',
    ]);
  });

  test('one that cannot be removed keeps no other from going, and goes when it can', async () => {
    const [server, school] = await start();
    await setBackups(school, { keep: { daily: 3, weekly: 0, monthly: 0 } });
    for (let day = 0; day < 3; day += 1) {
      await pass(server, school, dayMs);
      await look(server);
    }
    const [oldest] = await files();
    const place = server.app.backups?.folder as BackupFolder;
    const { remove } = place;
    const refuse: typeof remove = (name) =>
      name === oldest ? Promise.reject(new Error('busy')) : remove.call(place, name);
    Object.assign(place, { remove: refuse });
    await setBackups(school, { keep: { daily: 1, weekly: 0, monthly: 0 } });
    await pass(server, school, dayMs);
    await expect(look(server)).rejects.toThrow('busy');
    expect(await files()).toEqual([oldest, 'muster-2026-11-27T080000Z.backup']);
    expect(await eventsOf(server, 'backup.thinned')).toEqual([{ actor: 'job', files: 2 }]);
    Object.assign(place, { remove });
    await pass(server, school, dayMs);
    await look(server);
    expect(await files()).toEqual(['muster-2026-11-28T080000Z.backup']);
  });

  test('a ledger that does not hold is told, and pushes no backup out in which it held', async () => {
    const [server, school] = await start();
    await setBackups(school, { keep: { daily: 1, weekly: 0, monthly: 0 } });
    await pass(server, school, dayMs);
    await look(server);
    await server.app.store.engine.write((tx) =>
      tx.updateTable('event').set({ actor: 'somebody' }).where('seq', '=', 1).execute(),
    );
    for (let day = 0; day < 3; day += 1) {
      await pass(server, school, dayMs);
      await look(server);
    }
    expect((await seeBackups(school)).backups.map(({ name, sound }) => [name, sound])).toEqual([
      ['muster-2026-11-27T080000Z.backup', false],
      ['muster-2026-11-24T080000Z.backup', true],
    ]);
    expect((await files()).length).toBe(2);
  });
});
