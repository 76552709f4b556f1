import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { command } from './command.ts';
import { freshDatabase, serverNames } from './engines.ts';
import { type Home, moveBetween, openHome, urlOf } from './move-place.ts';
import { Muster } from './muster.ts';

let home: Home;
beforeEach(async () => {
  home = await openHome();
});
afterEach(() => home[Symbol.asyncDispose]());

const flags = (url: string) => ['--database', url, '--keys', home.keysFor()];
const run = (url: string, args: readonly string[]) => command([...args, ...flags(url)]);
/** What is typed comes from a file. */
async function type(url: string, args: readonly string[], file: string) {
  const inside = ['sh', '-c', 'exec "$@" < "$0"', file];
  await using muster = new Muster(home.folder, [...args, ...flags(url)], inside);
  return await muster.ended;
}
const keyFiles = async () =>
  (await readdir(home.keysFor())).filter((name) => name.endsWith('.key')).sort();

describe.each(serverNames)('the keys of an installation on %s', (engine) => {
  test('come back from a sheet, and from shares', async () => {
    await using there = await freshDatabase(engine);
    await moveBetween({ engine: 'sqlite', folder: home.data }, there.address, home);
    const url = urlOf(there.address);
    const files = await keyFiles();
    const master = await readFile(join(home.keysFor(), 'master.key'), 'utf8');
    const out = join(home.folder, 'sheet');
    const share = join(home.folder, 'share');
    expect(await run(url, ['key', 'export-recovery', '--out', out])).toMatchObject({ code: 0 });
    const split = ['key', 'export-recovery', '--shares', '3', '--out', share];
    expect(await run(url, split)).toMatchObject({ code: 0, err: '' });

    for (const name of files) await rm(join(home.keysFor(), name));
    expect((await run(url, ['verify'])).code).toBe(1);
    expect(await type(url, ['recover'], out)).toMatchObject({ code: 0, err: '' });
    expect(await keyFiles()).toEqual(files);
    expect(await type(url, ['recover'], out)).toMatchObject({
      code: 0,
      out: expect.stringContaining('was there already'),
    });

    for (const name of files) await rm(join(home.keysFor(), name));
    const both = join(home.folder, 'both');
    await writeFile(both, `${await readFile(`${share}.2`)}\n${await readFile(`${share}.3`)}`);
    expect(await type(url, ['key', 'import'], both)).toMatchObject({ code: 0, err: '' });
    expect(await readFile(join(home.keysFor(), 'master.key'), 'utf8')).toBe(master);
    expect(await run(url, ['verify'])).toMatchObject({ code: 0, err: '' });
  });

  test('are not put back for a database that holds no data', async () => {
    await using there = await freshDatabase(engine);
    const none = join(home.folder, 'nothing');
    await writeFile(none, '');
    const { code, err } = await type(urlOf(there.address), ['recover'], none);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^There are no data of Muster in .*--database/),
    });
  });
});
