import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseName, installationName, readInstallation } from './installation.ts';
import { openStore } from './open.ts';
import { openRoll, openThrowaway, type Throwaway } from './throwaway.ts';

const zone = 'Europe/Berlin';
let place: Throwaway;
beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T09:00:00+01:00', zone });
});
afterEach(() => place[Symbol.asyncDispose]());

const modeOf = async (path: string): Promise<string> =>
  ((await stat(path)).mode & 0o777).toString(8);

const open = (folder: string, keys: string, masterKey?: Uint8Array) =>
  openStore({
    folder,
    keysFor: () => keys,
    masterKey,
    clock: place.clock,
    random: place.store.random,
    zone,
  });

test.skipIf(process.platform === 'win32')(
  'whatever lies in a data folder that others can enter is its owner’s alone',
  async () => {
    const folder = join(place.folder, 'open to all');
    const keys = join(place.folder, 'other keys');
    await mkdir(folder, { mode: 0o755 });
    await using opened = await open(folder, keys);
    await openRoll(opened.store, zone);
    const names = await readdir(folder);
    expect(names).toContain(`${databaseName}-wal`);
    for (const name of names) expect(await modeOf(join(folder, name)), name).toBe('600');
    expect(await modeOf(keys)).toBe('700');
  },
);

test('a first start with a master key from elsewhere makes the folder of the other keys', async () => {
  const keys = join(place.folder, 'not there', 'keys');
  const master = new Uint8Array(randomBytes(32));
  await using opened = await open(join(place.folder, 'second'), keys, master);
  expect(opened.installation.created).toBe(true);
  expect(await readdir(keys)).toEqual(['epoch-1.key']);
});

test.each([
  { installation: '../../elsewhere' },
  { installation: 7 },
  { keyCheck: 'short' },
  { databaseKey: 'AAAA' },
  { schema: 'new' },
])('a description with %j is damaged, and leads to no other folder', async (change) => {
  const path = join(place.data, installationName);
  const file = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...file, ...change }));
  await expect(readInstallation(place.data)).rejects.toThrow('is damaged');
});
