import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeyError, KeyFolder } from './key-folder.ts';

let path: string;
let keys: KeyFolder;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'muster-key-folder-'));
  keys = new KeyFolder(path);
});
afterEach(() => rm(path, { recursive: true, force: true }));

test('what a killed writer left half done is in the way of no key', async () => {
  for (const name of ['master.key', 'epoch-1.key', 'epoch-2.key', 'master-next.key']) {
    await writeFile(join(path, `${name}.new`), 'aGFsZg');
  }
  await keys.create();
  const epoch = await keys.createEpoch(2);
  const next = await keys.createNext();
  expect(await keys.readEpoch(2)).toEqual(epoch);
  await keys.adoptNext();
  expect(await keys.readMaster()).toEqual(next);
  expect(await keys.listEpochs()).toEqual([1, 2]);
});

test('of many who make one key at once one does, and nothing else is left behind', async () => {
  const made = await Promise.allSettled(Array.from({ length: 8 }, () => keys.createEpoch(3)));
  const kept = made.filter((one) => one.status === 'fulfilled');
  const refused = made.filter((one) => one.status === 'rejected');
  expect(kept).toHaveLength(1);
  for (const { reason } of refused) expect(reason).toBeInstanceOf(KeyError);
  const before = await readFile(join(path, 'epoch-3.key'), 'utf8');
  expect(before).toBe(`${Buffer.from(kept[0]?.value ?? []).toString('base64')}\n`);
  await expect(keys.createEpoch(3)).rejects.toBeInstanceOf(KeyError);
  expect(await readFile(join(path, 'epoch-3.key'), 'utf8')).toBe(before);
  expect(await readdir(path)).toEqual(['epoch-3.key']);
});
