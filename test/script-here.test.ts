import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { command } from './command.ts';
import { type Home, openHome } from './move-place.ts';
import { Muster } from './muster.ts';

let home: Home;
beforeEach(async () => {
  home = await openHome();
});
afterEach(() => home[Symbol.asyncDispose]());

const flags = () => ['--data', home.data, '--keys', home.keysFor()];
const begin = (...args: string[]) => new Muster(home.folder, [...args, ...flags()]);
const run = (...args: string[]) => command([...args, ...flags()]);
const people = async () => {
  const { code, out, err } = await run('people', 'list', '--state', 'all', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return (JSON.parse(out) as { total: number }).total;
};

test('where no server runs, one is started for as long as the command takes', async () => {
  const before = await people();
  const add = ['people', 'add', '--name', 'Mary Somerville'];
  expect(await run(...add, '--dry-run')).toMatchObject({ code: 0, err: '' });
  expect(await people()).toBe(before);
  expect(await run(...add)).toMatchObject({ code: 0, out: 'Mary Somerville is added.\n' });
  expect(await people()).toBe(before + 1);
  expect(await run('verify')).toMatchObject({ code: 0, err: '' });
});

test('two at once both get what they ask for', async () => {
  await using first = begin('groups', 'list');
  await using second = begin('groups', 'list');
  const outcomes = await Promise.all([first.ended, second.ended]);
  expect(outcomes.map(({ code, err }) => ({ code, err }))).toEqual([
    { code: 0, err: '' },
    { code: 0, err: '' },
  ]);
});

test('where there are no data, none are made', async () => {
  const nowhere = ['--data', join(home.folder, 'nowhere'), '--keys', join(home.folder, 'none')];
  expect(await command(['people', 'list', ...nowhere])).toMatchObject({
    code: 1,
    err: expect.stringContaining('There are no data of Muster'),
  });
});

test('a server that trusts a proxy on this machine still knows its operator', async () => {
  const ports = ['--port', '0', '--https-port', 'off', '--no-open'];
  const origin = ['--public-origin', 'https://muster.example.org'];
  await using server = begin('start', ...ports, ...origin, '--trusted-proxy', '127.0.0.1');
  await server.says(/day files/);
  expect(await run('groups', 'list')).toMatchObject({ code: 0, err: '' });
  const { out, err, code } = await run('roll', 'Quick', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { id } = JSON.parse(out) as { id: string };
  expect(await run('sessions', 'close', id)).toMatchObject({ code: 0, err: '' });
  expect((await server.stop()).code).toBe(0);
});

test('a restored copy with the same keys is never taken for the data that a server has', async () => {
  const backup = join(home.folder, 'muster.backup');
  const copy = ['--data', join(home.folder, 'copy'), '--keys', home.keysFor()];
  expect(await run('backup', backup)).toMatchObject({ code: 0 });
  expect(await command(['restore', backup, ...copy])).toMatchObject({ code: 0 });
  await using server = begin('start', '--port', '0', '--https-port', 'off', '--no-open');
  await server.says(/day files/);
  const asked = await command(['people', 'list', '--json', ...copy]);
  expect(asked).toMatchObject({ code: 2, out: '' });
  expect(asked.err).toContain('runs on other data with the same keys');
  expect((await command(['doctor', ...copy])).out).toMatch(/ok +server +Muster does not run/);
  expect((await server.stop()).code).toBe(0);
  const later = await command(['people', 'list', '--json', ...copy]);
  expect(later).toMatchObject({ code: 1, out: '' });
  expect(later.err).toContain(`have belonged to the database in ${home.data} since`);
});

test('ended in the middle it leaves nothing half done', async () => {
  const before = await people();
  const list = join(home.folder, 'many.csv');
  const rows = Array.from({ length: 3_000 }, (_, at) => `Z${at},Person ${at}`);
  await writeFile(list, `Number,Name\n${rows.join('\n')}\n`);
  {
    await using muster = begin('people', 'import', list);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    muster.signal('SIGINT');
    await muster.ended;
  }
  const half = await people();
  expect(half).toBeGreaterThanOrEqual(before);
  expect(await run('verify')).toMatchObject({ code: 0, err: '' });
  expect(await run('people', 'import', list)).toMatchObject({ code: 0, err: '' });
  expect(await people()).toBe(before + 3_000);
});
