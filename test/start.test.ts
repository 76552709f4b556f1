import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fingerprint, Muster } from './muster.ts';
import { canMount, withoutRoom, withReadOnly } from './own-mount.ts';
import { until } from './until.ts';

const sample = mkdtempSync(join(tmpdir(), 'muster-sample-'));
let home: string;
let data: string;
let keys: string;
let running: Muster[];

/** A connection on which nobody asks any more stays open for so long. */
const keptAliveMs = 65_000;
const quiet = ['--port', '0', '--https-port', 'off', '--no-open'];
const here = () => ['--data', data, '--keys', keys];

function run(args: readonly string[], inside: readonly string[] = []): Muster {
  const muster = new Muster(home, args, inside);
  running.push(muster);
  return muster;
}

async function serve(...flags: string[]): Promise<{ muster: Muster; origin: string }> {
  const muster = run(['start', ...here(), ...quiet, ...flags]);
  const [, origin = ''] = await muster.says(/here {6}(http:\S+)/);
  return { muster, origin };
}

beforeAll(async () => {
  home = sample;
  await using muster = new Muster(sample, [
    'start',
    '--data',
    join(sample, 'd'),
    '--keys',
    join(sample, 'k'),
    ...quiet,
  ]);
  await muster.says(/day files/);
  await muster.stop();
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-start-'));
  data = join(home, 'd');
  keys = join(home, 'k');
  running = [];
});

afterEach(async () => {
  for (const muster of running) await muster[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

afterAll(() => rmSync(sample, { recursive: true, force: true }));

/** Data and keys as an earlier run left them. */
function restoreSample(): void {
  cpSync(join(sample, 'd'), data, { recursive: true });
  cpSync(join(sample, 'k'), keys, { recursive: true });
}

/** One sentence on stderr, an exit code that is not 0, and every file as it was. */
async function expectRefusal(sentence: RegExp, flags: string[] = [], inside: string[] = []) {
  const before = fingerprint(home);
  const { code, out, err } = await run(['start', ...here(), ...quiet, ...flags], inside).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(sentence);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err).not.toMatch(/\bat .*:\d+:\d+/);
  return { before, after: fingerprint(home) };
}

async function holdPort(): Promise<{ port: number } & Disposable> {
  const server = createServer().listen(0, '0.0.0.0');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  return { port, [Symbol.dispose]: () => server.close() };
}

describe('muster start', () => {
  test('makes data and keys once, says where they lie and how to set it up, and stops on SIGTERM', async () => {
    const { muster, origin } = await serve();
    expect(muster.out).toMatch(new RegExp(`^${origin}/app/setup#[\\w-]{20,}$`, 'm'));
    for (const folder of [data, keys]) expect(muster.out).toContain(folder);
    expect(await (await fetch(`${origin}/api/setup`)).json()).toMatchObject({ needed: true });
    expect(await muster.stop()).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(keys)).not.toContain('control.json');

    const again = await serve();
    expect(again.muster.out).toContain('waits for its set-up');
    expect((await again.muster.stop()).code).toBe(0);
  });

  test('behind a proxy on this machine the link for the set-up has the address that people use', async () => {
    const origin = 'https://muster.example.org';
    const muster = run([
      ...['start', ...here(), ...quiet],
      ...['--public-origin', origin, '--trusted-proxy', '127.0.0.1'],
    ]);
    await muster.says(/day files/);
    expect(muster.out).toMatch(new RegExp(`^${origin}/app/setup#[\\w-]{20,}$`, 'm'));
    expect(muster.out).not.toContain('localhost');
    expect((await muster.stop()).code).toBe(0);
  });

  test('day files go to the documents of a user, and nowhere where a server is meant', async () => {
    const user = run(['start', ...quiet]);
    await user.says(/day files/);
    expect(user.out).toContain(join('Documents', 'Muster attendance'));
    expect(user.out).toContain('Anyone who can open that folder can read the day files.');
    await user.stop();
    const { muster } = await serve();
    expect(muster.out).toMatch(/day files off/);
  });

  test('where other data lay before and only their keys are left, a first start says so', async () => {
    const first = run(['start', ...quiet]);
    const [, folder = ''] = await first.says(/data {6}(\S+)/);
    const [, former = ''] = await first.says(/keys {6}(\S+)/);
    expect((await first.stop()).out).not.toContain('are gone');
    rmSync(folder, { recursive: true });
    const second = run(['start', ...quiet]);
    await second.says(/day files/);
    const { out } = await second.stop();
    expect(out).toContain(
      `lay in ${folder} before and are gone; their keys are still in ${former}.`,
    );
    expect(out).toContain('muster restore FILE');
  });

  test('a port in use is said before anything is made', async () => {
    using held = await holdPort();
    const { before, after } = await expectRefusal(
      /^Port \d+ is used by another program\. .*--port/,
      ['--port', String(held.port)],
    );
    expect(after).toEqual(before);
  });

  test('a second server on the same data says where the first one is', async () => {
    const { muster, origin } = await serve();
    const { port } = new URL(origin);
    const second = await run(['start', ...here(), ...quiet]).ended;
    expect(second).toMatchObject({ code: 2, out: '' });
    expect(second.err).toMatch(
      new RegExp(`^Muster already runs on the data in .*:${port} \\(process \\d+\\)`),
    );
    expect((await muster.stop()).code).toBe(0);
  });

  test('the place of a server that was killed is taken over', async () => {
    const { muster } = await serve();
    muster.signal('SIGKILL');
    await muster.ended;
    expect(readdirSync(keys)).toContain('control.json');
    expect((await (await serve()).muster.stop()).code).toBe(0);
  });

  test.each<[string, () => Promise<unknown> | unknown, RegExp]>([
    [
      'data of a newer version',
      async () => {
        const path = join(data, 'installation.json');
        await writeFile(
          path,
          (await readFile(path, 'utf8')).replace(/"schema": \d+/, '"schema": 999'),
        );
      },
      /^The data in .* were written by a newer Muster \(schema 999/,
    ],
    [
      'a damaged installation.json',
      () => writeFile(join(data, 'installation.json'), '{"format":1'),
      /^\S+installation\.json is damaged\. Restore a backup/,
    ],
    [
      'a missing installation.json',
      () => rmSync(join(data, 'installation.json')),
      /^\S+installation\.json is missing beside a database\./,
    ],
    [
      'a missing key',
      () => rmSync(join(keys, 'master.key')),
      /^The key \S+master\.key is missing\. Put it back/,
    ],
    [
      'no key folder',
      () => rmSync(keys, { recursive: true }),
      /^The key \S+master\.key is missing\./,
    ],
    [
      'a wrong key',
      () => writeFile(join(keys, 'master.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`),
      /^The master key in .* does not belong to the data in/,
    ],
    [
      'a damaged key',
      () => writeFile(join(keys, 'master.key'), 'x'),
      /^The key \S+master\.key is damaged\./,
    ],
    [
      'a damaged database',
      async () => {
        const path = join(data, 'muster.db');
        const bytes = await readFile(path);
        await writeFile(path, bytes.fill(1, 0, 4_096));
      },
      /^The database cannot be read with its key: it was damaged or replaced\./,
    ],
  ])('refuses %s in one sentence and changes nothing', async (_, spoil, sentence) => {
    restoreSample();
    await spoil();
    const { before, after } = await expectRefusal(sentence);
    expect(after).toEqual(before);
  });

  test('a data folder on a read-only disk is refused, with data in it or without', async () => {
    if (!canMount()) return;
    mkdirSync(data);
    const empty = await expectRefusal(/cannot be written|cannot be made/, [], withReadOnly(data));
    expect(empty.after).toEqual(empty.before);
    rmSync(data, { recursive: true });
    restoreSample();
    const used = await expectRefusal(
      /^The data folder .* cannot be written \(EROFS\)\./,
      [],
      withReadOnly(data),
    );
    expect(used.after).toEqual(used.before);
  });

  test('a data folder on a full disk is refused, with data in it or without', async () => {
    if (!canMount()) return;
    mkdirSync(data);
    await expectRefusal(/^The disk that holds .* is full\./, [], withoutRoom(data));
    rmSync(data, { recursive: true });
    rmSync(`${data}.copy`, { recursive: true });
    restoreSample();
    await expectRefusal(
      /^The disk that holds .* (is full|fails to read or write)/,
      [],
      withoutRoom(data),
    );
  });

  test('a certificate without its key, or one that cannot be read, is refused', async () => {
    const alone = await run(['start', ...here(), ...quiet, '--tls-cert', 'x']).ended;
    expect(alone).toMatchObject({ code: 64, out: '' });
    writeFileSync(join(home, 'x'), 'no certificate');
    const files = ['--https-port', '0', '--tls-cert', 'x', '--tls-key', 'x'];
    const { before, after } = await expectRefusal(
      /^x does not begin with a readable PEM certificate\./,
      files,
    );
    expect(after).toEqual(before);
  });

  test('SIGTERM under load ends well, with every connection closed and none waited for', async () => {
    const { muster, origin } = await serve();
    let answered = 0;
    let over = false;
    const load = Promise.all(
      Array.from({ length: 32 }, async () => {
        while (!over) {
          await fetch(`${origin}/in`)
            .then((answer) => answer.text())
            .then(
              () => {
                answered += 1;
              },
              () => {
                over = true;
              },
            );
        }
      }),
    );
    await until(() => answered >= 200);
    const from = performance.now();
    const { code, err } = await muster.stop();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(performance.now() - from).toBeLessThan(keptAliveMs);
    await load;
  });

  test('with --log-requests every request is in the log when it has ended', async () => {
    const { muster, origin } = await serve('--log-requests');
    const ids: (string | null)[] = [];
    for (let index = 0; index < 200; index += 1) {
      const answer = await fetch(`${origin}/in`);
      await answer.text();
      ids.push(answer.headers.get('x-request-id'));
    }
    const { code, err } = await muster.stop();
    expect(code).toBe(0);
    const logged = err
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(logged.map(({ requestId }) => requestId)).toEqual(ids);
    expect(new Set(logged.map(({ instance, route }) => `${instance} ${route}`)).size).toBe(1);
  });

  test('with --drain SIGTERM leaves a load balancer time, and then it ends well', async () => {
    const { muster, origin } = await serve('--drain', '1');
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    muster.signal('SIGTERM');
    await muster.says(/served for 1 s more/);
    expect(await muster.ended).toMatchObject({ code: 0, err: '' });
  });

  test('while it drains it is not ready, but serves; a second signal ends it at once', async () => {
    const { muster, origin } = await serve('--drain', '600');
    muster.signal('SIGTERM');
    await muster.says(/served for 600 s more/);
    const ready = await fetch(`${origin}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { ready: false, checks: { serving: 'draining' } },
    ]);
    expect((await fetch(`${origin}/in`)).status).toBe(200);
    // npm passes a signal on a second time: two so close together are one
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await muster.stop()).code).toBe(130);
    expect((await serve()).muster.out).toContain('waits for its set-up');
  });
});
