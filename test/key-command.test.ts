import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdControl } from '../src/cli/control.ts';
import { command } from './command.ts';
import { type Home, openAt, openHome } from './move-place.ts';
import { Muster } from './muster.ts';

let home: Home;
beforeEach(async () => {
  home = await openHome();
});
afterEach(() => home[Symbol.asyncDispose]());

const run = async (args: readonly string[], inside: readonly string[] = []) => {
  const flags = ['--data', home.data, '--keys', home.keysFor()];
  await using muster = new Muster(home.folder, [...args, ...flags], inside);
  return await muster.ended;
};
const key = (...args: string[]) => run(['key', ...args]);
const typed = (file: string) => ['sh', '-c', 'exec "$@" < "$0"', file];
const keyFiles = async () =>
  (await readdir(home.keysFor())).filter((name) => name.endsWith('.key')).sort();

test('two of three shares put lost keys back, one does not', async () => {
  const out = join(home.folder, 'share');
  const before = await readFile(join(home.keysFor(), 'master.key'), 'utf8');
  const files = await keyFiles();
  const made = await key('export-recovery', '--shares', '3', '--threshold', '2', '--out', out);
  expect(made).toMatchObject({ code: 0, err: '' });
  for (const name of files) await rm(join(home.keysFor(), name));
  expect((await key('status')).err).toContain('is missing');
  const one = await run(['key', 'import'], typed(`${out}.1`));
  expect(one.code).toBe(2);
  expect(one.err).toContain('as many shares as are needed');
  expect(await keyFiles()).toEqual([]);
  const both = join(home.folder, 'both');
  await writeFile(both, `${await readFile(`${out}.3`)}\n${await readFile(`${out}.1`)}`);
  expect(await run(['key', 'import'], typed(both))).toMatchObject({ code: 0, err: '' });
  expect(await readFile(join(home.keysFor(), 'master.key'), 'utf8')).toBe(before);
  expect(await keyFiles()).toEqual(files);
  const { code, out: text } = await key('status', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({ master: 'file', rotating: false });
});

test('a sheet puts lost keys back', async () => {
  const out = join(home.folder, 'sheet');
  const files = await keyFiles();
  expect(await key('export-recovery', '--out', out)).toMatchObject({ code: 0 });
  for (const name of files) await rm(join(home.keysFor(), name));
  expect(await run(['key', 'import'], typed(out))).toMatchObject({ code: 0, err: '' });
  expect(await keyFiles()).toEqual(files);
});

test('where keys are missing, and a backup is all there is, each step names the next', async () => {
  const sheet = join(home.folder, 'sheet');
  const file = join(home.folder, 'school.backup');
  expect(await key('export-recovery', '--out', sheet)).toMatchObject({ code: 0 });
  expect(await run(['backup', file])).toMatchObject({ code: 0 });
  const flags = ['--data', join(home.folder, 'new'), '--keys', join(home.folder, 'new keys')];
  const lost = await command(['restore', file, ...flags]);
  expect(lost).toMatchObject({ code: 1, err: expect.stringContaining('recover, with --backup') });
  await using recover = new Muster(
    home.folder,
    ['recover', '--backup', file, ...flags],
    typed(sheet),
  );
  expect(await recover.ended).toMatchObject({
    code: 0,
    out: expect.stringContaining(`Now put the data back with: muster restore ${file}`),
  });
  expect(await command(['restore', file, ...flags])).toMatchObject({ code: 0, err: '' });
});

test('a passphrase takes the place of the file, and is asked for', async () => {
  const file = join(home.folder, 'passphrase');
  await writeFile(file, 'six words that nobody would say\n');
  const turned = await key('rotate', '--new-passphrase-file', file);
  expect(turned).toMatchObject({ code: 0, err: '' });
  expect(await keyFiles()).not.toContain('master.key');
  const without = await key('status');
  expect(without).toMatchObject({ code: 1 });
  expect(without.err).toContain('MUSTER_PASSPHRASE_FILE');
  const { code, out } = await run(['key', 'status'], ['env', `MUSTER_PASSPHRASE_FILE=${file}`]);
  expect(code).toBe(0);
  expect(out).toContain('from a passphrase');
});

describe('what was restored beside its original', () => {
  let beside: string;
  const here = (...args: string[]) =>
    command([...args, '--data', home.data, '--keys', home.keysFor()]);
  const there = (...args: string[]) =>
    command([...args, '--data', beside, '--keys', home.keysFor()]);

  beforeEach(async () => {
    beside = join(home.folder, 'beside');
    const file = join(home.folder, 'school.backup');
    expect(await here('people', 'list')).toMatchObject({ code: 0 });
    expect(await here('backup', file)).toMatchObject({ code: 0 });
    const { code, out } = await there('restore', file);
    expect(code).toBe(0);
    expect(out).toContain(`have belonged to the database in ${home.data} since `);
    expect(out).toContain('So no server starts on what was restored.');
  });

  test('is served once the keys were taken over', async () => {
    const refused = await there('people', 'list');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/an erasure in one destroys .*: muster key take-over/);
    const taken = await there('key', 'take-over');
    expect(taken).toMatchObject({ code: 0, err: '' });
    expect(taken.out).toContain(
      `With them no server starts on the database in ${home.data} any more.`,
    );
    expect(await there('people', 'list')).toMatchObject({ code: 0 });
    expect((await here('people', 'list')).err).toContain(`the database in ${beside} since`);
    await using opened = await openAt({ engine: 'sqlite', folder: beside }, home);
    const { read } = opened.store.engine;
    const noted = read.selectFrom('event').select('actor').where('type', '=', 'keys.taken-over');
    expect(await noted.execute()).toEqual([{ actor: 'operator' }]);
  });

  test('can be looked at before', async () => {
    expect(await there('verify')).toMatchObject({ code: 0 });
    expect((await there('key', 'status')).out).toContain(`database in ${home.data} since`);
    expect((await there('key', 'rotate')).err).toContain('have belonged to');
    const { findings } = JSON.parse((await there('doctor', '--json')).out);
    expect(findings[0]).toMatchObject({ check: 'keys', level: 'bad' });
  });

  test('gets no keys that a server uses', async () => {
    await using _hold = await holdControl(home.keysFor(), home.data);
    const { code, err } = await there('key', 'take-over');
    expect(code).toBe(2);
    expect(err).toContain(`the same keys, in ${home.data}`);
  });
});

test.each([
  [['key']],
  [['key', 'burn']],
  [['key', 'rotate', '--to', 'paper']],
  [['key', 'export-recovery', '--shares', '1']],
  [['key', 'export-recovery', '--threshold', '2']],
])('%j is not how it is written', async (args) => {
  expect((await run(args)).code).toBe(64);
});
