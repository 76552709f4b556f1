import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { type FreePlace, openFree } from './backup-place.ts';
import { engineNames } from './engines.ts';
import { fill, type Home, openAt, openHome, tablesOf, urlOf } from './move-place.ts';
import { Muster, type Outcome } from './muster.ts';
import { until } from './until.ts';

let home: Home;
let place: string;

beforeEach(async () => {
  home = await openHome();
  place = await mkdtemp(join(tmpdir(), 'muster-backup-'));
});
afterEach(async () => {
  await home[Symbol.asyncDispose]();
  await rm(place, { recursive: true, force: true });
});

/** The flag that names a place, as it is typed. */
const flagsOf = (address: DatabaseAddress): string[] =>
  address.engine === 'sqlite' ? ['--data', address.folder ?? ''] : ['--database', urlOf(address)];

const here = () => ['--data', home.data];
const keys = () => ['--keys', home.keysFor()];
const run = async (args: readonly string[], inside: readonly string[] = []): Promise<Outcome> => {
  await using muster = new Muster(place, [...args, ...keys()], inside);
  return await muster.ended;
};
const tables = async (address: DatabaseAddress) => {
  await using opened = await openAt(address, home);
  return await tablesOf(opened);
};

describe('muster backup and muster restore', () => {
  test('by a file, with a look at it before', async () => {
    const file = join(place, 'school.backup');
    const made = await run(['backup', file, ...here()]);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(/^Backed up \d+ events in \d+ streams, .* sealed and read back: /);
    const looked = await run([
      'restore',
      file,
      '--dry-run',
      '--data',
      join(place, 'new'),
      '--json',
    ]);
    expect(looked).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(looked.out)).toMatchObject({ place: null, faults: [], erased: 0 });
    expect(await readdir(place)).not.toContain('new');
    const restored = await run(['restore', file, '--data', join(place, 'new')]);
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toMatch(/^Restored \d+ events in \d+ streams as of 2026-/);
    const again = await run(['restore', file, '--data', join(place, 'new')]);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toMatch(/is not empty, and a backup never overwrites anything/);
  });

  test('into a folder names the file after the time', async () => {
    const made = await run(['backup', place, ...here(), '--json']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const { file, bytes } = JSON.parse(made.out);
    expect(file).toMatch(/muster-\d{4}-\d\d-\d\dT\d{6}Z\.backup$/);
    expect((await readFile(file)).length).toBe(bytes);
  });

  test.each(engineNames)('through a pipe into %s, and back through one', async (engine) => {
    await using there: FreePlace = await openFree(engine);
    await using back = await openFree('sqlite');
    const before = await tables({ engine: 'sqlite', folder: home.data });
    const pipe = (from: DatabaseAddress, to: DatabaseAddress) => {
      const [of, into] = [from, to].map((address) =>
        [...flagsOf(address), ...keys()].map((word) => `'${word}'`).join(' '),
      );
      const line = `set -o pipefail; "$0" "$1" backup - ${of} 2>said | "$0" "$1" restore - ${into}`;
      return run([], ['bash', '-c', line]);
    };
    const went = await pipe({ engine: 'sqlite', folder: home.data }, there.address);
    expect(went).toMatchObject({ code: 0, err: '' });
    expect(await readFile(join(place, 'said'), 'utf8')).toMatch(/^Backed up .* to stdout$/m);
    expect(await tables(there.address)).toEqual(before);
    const returned = await pipe(there.address, back.address);
    expect(await readFile(join(place, 'said'), 'utf8')).toMatch(/^Backed up .* to stdout$/m);
    expect(returned).toMatchObject({ code: 0, err: '' });
    expect(await tables(back.address)).toEqual(before);
  });

  test('says what is wrong with a backup that was cut off in the pipe', async () => {
    const file = join(place, 'school.backup');
    await run(['backup', file, ...here()]);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.length - 9));
    const line = `"$0" "$1" restore - --data '${join(place, 'new')}' --keys '${home.keysFor()}' < '${file}'`;
    const refused = await run([], ['sh', '-c', line]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/The backup \(stdin\) was cut off; nothing was restored/);
    expect(await readdir(place)).not.toContain('new');
  });

  test('takes one file, no more and no less', async () => {
    expect(await run(['backup', ...here()])).toMatchObject({ code: 64, out: '' });
    expect(await run(['restore', 'a', 'b'])).toMatchObject({ code: 64, out: '' });
    const none = await run(['restore', join(place, 'none'), '--data', join(place, 'new')]);
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toMatch(/There is no file/);
  });

  test('killed in the middle leaves nothing that looks like a backup', async () => {
    await fill(home, 100);
    const target = join(place, 'out');
    await using killed = new Muster(place, ['backup', target, ...here(), ...keys()]);
    const parts = async () => (await readdir(place)).filter((name) => name.endsWith('.part'));
    await until(async () => (await parts()).length > 0);
    killed.signal('SIGKILL');
    expect((await killed.ended).code).toBeNull();
    expect(await readdir(place)).not.toContain('out');
    const [part = ''] = await parts();
    const refused = await run(['restore', join(place, part), '--data', join(place, 'new')]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(await run(['backup', target, ...here()])).toMatchObject({ code: 0 });
  });
});
