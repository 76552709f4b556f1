import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Muster } from './muster.ts';

const quiet = ['--port', '0', '--https-port', 'off', '--no-open'];
let home: string;
let running: Muster[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-roll-'));
  running = [];
});

afterEach(async () => {
  for (const muster of running) await muster[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

function run(...args: string[]): Muster {
  const muster = new Muster(home, args);
  running.push(muster);
  return muster;
}

const aRoll = /^\{"id":"([0-9a-f-]{36})","url":"(http:\/\/\S+)\/app\/sessions\/\1"\}$/m;

test('muster roll --json opens a roll on the server that runs, and ends', async () => {
  const server = run('start', ...quiet);
  await server.says(/day files/);
  const { code, out, err } = await run('roll', 'Physics 101', '--json').ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(aRoll);
  expect((await server.stop()).code).toBe(0);
});

test('muster roll starts a server where none runs, and shows who comes without a terminal too', async () => {
  const roll = run('roll', 'Physics 101', ...quiet);
  const [, origin = '', code = ''] = await roll.says(/^open (\S+) and type ([0-9A-Z]{6})$/m);
  const opened = await fetch(`${origin}/api/typed-code`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const { ticket } = (await opened.json()) as { ticket: string };
  const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const answer = await fetch(`${origin}/api/check-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ attempt: 'a'.repeat(20), ticket, number: '007', name: 'Ada Lovelace' }),
  });
  expect(answer.status).toBe(200);
  await roll.says(/● P \d\d:\d\d 007 Ada Lovelace/);
  const end = await roll.stop();
  expect(end.code).toBe(0);
  expect(end.out).toContain('Physics 101 stays open: 1 present.');
});

test('muster demo lets a class check in and leaves nothing behind', async () => {
  const demo = run('demo', '--no-open');
  await demo.says(/sign-in-link\?next=%2Fapp%2Fsessions%2F[0-9a-f-]{36}#[\w-]+$/m);
  await demo.says(/^61 check-ins, 3 of them late\. One number is claimed by two phones/m);
  demo.signal('SIGINT');
  const { code, err } = await demo.ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(readdirSync(home).filter((name) => name.startsWith('muster-demo'))).toEqual([]);
});
