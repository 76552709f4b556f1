import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdControl, readControl } from './control.ts';
import { processMark } from './process-mark.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-control-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const leave = (pid: number, mark: string | null) =>
  writeFileSync(
    join(folder, 'control.json'),
    JSON.stringify({ pid, mark, dataFolder: '/d', server: null }),
  );
const server = { origin: 'http://127.0.0.1:8080', operatorToken: 'secret' };

test('one holds, says how it is reached to its own user only, and gives the place free', async () => {
  const hold = await holdControl(folder, '/d');
  await hold.announce(server);
  expect(await readControl(folder)).toMatchObject({ pid: process.pid, server });
  if (process.platform !== 'win32')
    expect(statSync(join(folder, 'control.json')).mode & 0o777).toBe(0o600);
  await hold[Symbol.asyncDispose]();
  expect(readdirSync(folder)).toEqual([]);
  expect(await readControl(folder)).toBeNull();
});

test('a second one is refused and told where the first is', async () => {
  await using hold = await holdControl(folder, '/d');
  await expect(holdControl(folder, '/d')).rejects.toThrow(/just starting \(process \d+\)/);
  await hold.announce(server);
  await expect(holdControl(folder, '/d')).rejects.toThrow(
    /^Muster already runs on the data in \/d at http:/,
  );
});

test('one on other data with these keys is not the one that is asked, and is named where it stands in the way', async () => {
  const here = join(folder, 'here');
  mkdirSync(here);
  symlinkSync(here, join(folder, 'link'));
  await using hold = await holdControl(folder, here);
  await hold.announce(server);
  expect(await readControl(folder, join(folder, 'copy'))).toBeNull();
  expect(await readControl(folder, join(folder, 'link'))).toMatchObject({ server });
  await expect(holdControl(folder, join(folder, 'copy'))).rejects.toThrow(
    `with the same keys, in ${here} at http://127.0.0.1:8080`,
  );
  await expect(holdControl(folder, 'postgres://db/copy', { shared: true })).rejects.toThrow(
    `with the same keys, in ${here}`,
  );
  const copy = join(folder, 'copy-of-keys');
  mkdirSync(copy);
  copyFileSync(join(folder, 'control.json'), join(copy, 'control.json'));
  expect(await readControl(copy)).toBeNull();
  await (await holdControl(copy, join(folder, 'copy')))[Symbol.asyncDispose]();
});

test('of many at once exactly one gets the place', async () => {
  leave(2 ** 22 + 1, null);
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, () => holdControl(folder, '/d')),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a dead one, a damaged file and another process with the same number do not hold', async () => {
  leave(2 ** 22 + 1, null);
  await (await holdControl(folder, '/d'))[Symbol.asyncDispose]();
  writeFileSync(join(folder, 'control.json'), '{');
  await (await holdControl(folder, '/d'))[Symbol.asyncDispose]();
  if (processMark(process.ppid) === null) return;
  leave(process.ppid, 'of an earlier process');
  await (await holdControl(folder, '/d'))[Symbol.asyncDispose]();
  leave(process.ppid, processMark(process.ppid));
  await expect(holdControl(folder, '/d')).rejects.toThrow(/already runs/);
});

test('a killed one that its parent never fetched does not hold', async () => {
  if (processMark(process.ppid) === null) return;
  // what takes the place of the shell knows of no child
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
  try {
    const [told] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(told.toString());
    leave(pid, processMark(pid));
    expect(await readControl(folder)).toMatchObject({ pid });
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => readControl(folder)).toBeNull();
    // its number is still taken
    expect(process.kill(pid, 0)).toBe(true);
    const hold = await holdControl(folder, '/d');
    await hold[Symbol.asyncDispose]();
  } finally {
    parent.kill('SIGKILL');
  }
});
