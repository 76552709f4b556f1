import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServer } from '../src/store/database.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { engineNames, freshDatabase, serverNames } from './engines.ts';
import { fill, type Home, openAt, openHome, tablesOf, urlOf } from './move-place.ts';
import { Muster } from './muster.ts';

let home: Home;
let place: string;

beforeEach(async () => {
  home = await openHome();
  place = await mkdtemp(join(tmpdir(), 'muster-move-'));
});
afterEach(async () => {
  await home[Symbol.asyncDispose]();
  await rm(place, { recursive: true, force: true });
});

const flags = () => ['--keys', home.keysFor()];
const run = async (...args: string[]) => {
  await using muster = new Muster(place, [...args, ...flags()]);
  return await muster.ended;
};
const move = (...args: string[]) => run('move', ...args);

describe('muster move', () => {
  test.each(engineNames)(
    'to %s and back brings everything, and says what to do next',
    async (engine) => {
      await using there = await freshDatabase(engine);
      await using folder = await freshDatabase('sqlite');
      const url = urlOf(there.address);
      const back = urlOf(folder.address);
      const moved = await move('--data', home.data, '--to', url, '--json');
      expect(moved).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(moved.out)).toMatchObject({
        from: home.data,
        before: 0,
        ledger: { ok: true, faults: [] },
        tables: { organisation: 1, group: 2 },
      });
      const returned = await move('--from', url, '--to', back);
      expect(returned).toMatchObject({ code: 0, err: '' });
      expect(returned.out).toMatch(
        /^Moved \d+ rows in \d+ tables to .*: every row read back and equal/,
      );
      expect(returned.out).toMatch(/^Start Muster there: muster start --data /m);
      expect(returned.out).toMatch(/are as they were. Do not start Muster on them again/);
      const data = (folder.address as { folder: string }).folder;
      await using first = await openAt({ engine: 'sqlite', folder: home.data }, home);
      await using last = await openAt({ engine: 'sqlite', folder: join(data, 'data') }, home);
      expect(await tablesOf(last)).toEqual(await tablesOf(first));
    },
  );

  test.each(serverNames)('to %s names the server and not its password', async (engine) => {
    await using there = await freshDatabase(engine);
    const url = urlOf(there.address);
    const { code, out } = await move('--data', home.data, '--to', url);
    const { user, database } = there.address as { user: string; database: string };
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`muster start --database \\w+://${user}@.*/${database}`));
    expect(out).not.toContain(`:${(there.address as { password: string }).password}@`);
  });

  test('is refused while somebody serves the data', async () => {
    const start = ['start', '--data', home.data, ...flags(), '--no-open'];
    await using server = new Muster(place, [...start, '--port', '0', '--https-port', 'off']);
    await server.says(/localhost:\d+/);
    const refused = await move('--data', home.data, '--to', `sqlite:${join(place, 'new')}`);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^Muster runs on the data in .* \(process \d+\)\. Stop it first/);
    expect((await server.stop()).code).toBe(0);
    const moved = await move('--data', home.data, '--to', `sqlite:${join(place, 'new')}`);
    expect(moved.code).toBe(0);
  });

  test('is told where to move to, and never into the folder of the keys', async () => {
    expect(await move('--data', home.data)).toMatchObject({ code: 64 });
    const inKeys = await move('--data', home.data, '--to', `sqlite:${home.folder}`);
    expect(inKeys).toMatchObject({ code: 1, out: '' });
    expect(inKeys.err).toMatch(/keys must not lie in the data folder/);
    const same = await move('--data', home.data, '--to', `sqlite:${home.data}`);
    expect(same).toMatchObject({ code: 1, out: '' });
    expect(same.err).toMatch(/data of this installation already/);
  });

  test.each(serverNames)('to %s, killed in the middle, goes on', async (engine) => {
    await fill(home, 50);
    await using there = await freshDatabase(engine);
    const url = urlOf(there.address);
    await using killed = new Muster(place, ['move', '--data', home.data, '--to', url, ...flags()]);
    await seeEvents(there.address, killed);
    killed.signal('SIGKILL');
    expect((await killed.ended).code).toBeNull();
    const start = await run('verify', '--database', url);
    expect(start.code).toBe(1);
    expect(start.err).toMatch(/There are no data of Muster|is not finished/);
    const again = await move('--data', home.data, '--to', url, '--json');
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(again.out).before).toBeGreaterThan(500);
    expect(JSON.parse(again.out).tables.event).toBeGreaterThan(10_000);
    expect((await run('verify', '--database', url)).code).toBe(0);
  });
});

/** Waits until the target has some events, while the move goes on. */
async function seeEvents(address: DatabaseAddress, moving: Muster): Promise<void> {
  if (address.engine === 'sqlite') throw new Error('only for servers');
  await using engine = await openServer(address);
  let over = false;
  void moving.ended.then(() => {
    over = true;
  });
  for (;;) {
    if (over) throw new Error(`the move ended by itself:\n${moving.out}\n${moving.err}`);
    const row = await engine.read
      .selectFrom('event')
      .select('id')
      .limit(1)
      .executeTakeFirst()
      .catch(() => undefined);
    if (row) return;
    await setTimeout(20);
  }
}
