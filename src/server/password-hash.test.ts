import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isRefusal } from '../core/refusal.ts';
import { PasswordHashes } from './password-hash.ts';
import { PasswordThread, ThreadLost } from './password-thread.ts';
import type { PasswordWork } from './password-work.ts';

const begun: PasswordThread[] = [];
const begin = (): PasswordThread => {
  const thread = new PasswordThread();
  begun.push(thread);
  return thread;
};
afterEach(async () => {
  for (const thread of begun.splice(0)) await thread[Symbol.asyncDispose]();
});

describe('password hashes', () => {
  test('know the right password, in whichever form a keyboard sends it', async () => {
    const hashes = new PasswordHashes({ begin });
    const stored = (await hashes.hash('caf\u00e9 au lait noir')) as string;
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashes.verify(stored, 'cafe\u0301 au lait noir')).toBe(true);
    expect(await hashes.verify(stored, 'cafe au lait noir')).toBe(false);
  });

  test('know a password that was hashed by the first version', async () => {
    const stored =
      '$argon2id$v=19$m=19456,t=2,p=1$KJQGOvuID0kCClL0UrjK4Q$aTsyyVVR7qQsaEkH5oS9Q50cXeI3ILGNXolq3Op0vow';
    const hashes = new PasswordHashes({ begin });
    expect(await hashes.verify(stored, 'three green boats drift')).toBe(true);
    expect(await hashes.verify(stored, 'three green boats drifted')).toBe(false);
  });

  test('take no password for nobody, after as much work as for anybody', async () => {
    const works: PasswordWork[] = [];
    const watched = () => {
      const thread = begin();
      const run = thread.run.bind(thread);
      thread.run = (work) => {
        works.push(work);
        return run(work);
      };
      return thread;
    };
    const hashes = new PasswordHashes({ begin: watched });
    const stored = (await hashes.hash('three green boats drift')) as string;
    expect(await hashes.verify(null, 'whatever it may be')).toBe(false);
    const costOf = (text: string) => text.split('$').slice(1, 4);
    expect(works[1]).toMatchObject({ do: 'verify', stored: expect.stringContaining('$') });
    expect(costOf((works[1] as { stored: string }).stored)).toEqual(costOf(stored));
  });

  test('wait in a bounded queue and refuse beyond it, in two threads whatever comes', async () => {
    const hashes = new PasswordHashes({ begin });
    const asked = Array.from({ length: 410 }, () => hashes.verify(null, 'x'));
    const answers = await Promise.all(asked);
    const refused = answers.filter((answer) => isRefusal(answer) && answer.code === 'busy');
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(answers.filter((answer) => answer === false)).toHaveLength(410 - refused.length);
    expect(begun.length).toBeLessThanOrEqual(2);
    expect(await hashes.verify(null, 'x')).toBe(false);
  });

  test('are made all the same where a thread ends in the middle', async () => {
    const hashes = new PasswordHashes({ begin });
    const asked = Array.from({ length: 6 }, () => hashes.hash('three green boats drift'));
    const lost = begun.length;
    for (const thread of begun) void thread[Symbol.asyncDispose]();
    const made = await Promise.all(asked);
    expect(new Set(made).size).toBe(6);
    for (const stored of made) expect(stored).toMatch(/^\$argon2id\$/);
    expect(begun.length).toBeGreaterThan(lost);
  });

  test('are made all the same where no thread is to be had', async () => {
    const hashes = new PasswordHashes({
      begin: () => {
        throw new ThreadLost('none');
      },
    });
    const stored = (await hashes.hash('three green boats drift')) as string;
    expect(await hashes.verify(stored, 'three green boats drift')).toBe(true);
  });

  test('that are none are an error of whoever asked, and of nobody else', async () => {
    const hashes = new PasswordHashes({ begin });
    const [broken, sound] = await Promise.allSettled([
      hashes.verify('no hash', 'x'),
      hashes.verify(null, 'x'),
    ]);
    expect(broken.status).toBe('rejected');
    expect(sound).toEqual({ status: 'fulfilled', value: false });
  });
});

describe('the threads', () => {
  test('end where there is nothing to do, and begin again', async () => {
    const hashes = new PasswordHashes({ begin, idleMs: 1 });
    await hashes.verify(null, 'x');
    await vi.waitFor(() => expect(begun.every(({ isLost }) => isLost)).toBe(true), 10_000);
    expect(await hashes.verify(null, 'x')).toBe(false);
    expect(begun).toHaveLength(2);
  });

  test('say that they are gone', async () => {
    const thread = begin();
    const running = thread.run({ do: 'hash', password: 'x' });
    void thread[Symbol.asyncDispose]();
    await expect(running).rejects.toThrow(ThreadLost);
    await expect(thread.run({ do: 'hash', password: 'x' })).rejects.toThrow(ThreadLost);
  });

  test('keep no process alive', async () => {
    const path = new URL('./password-hash.ts', import.meta.url).href;
    const script = `
      import { PasswordHashes } from ${JSON.stringify(path)};
      const hashes = new PasswordHashes();
      console.log(await hashes.verify(null, 'x'));
    `;
    const args = ['--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe('false\n');
  });

  test('give way to the others on Linux, and nobody else does', async () => {
    const before = listNice();
    await begin().run({ do: 'hash', password: 'x' });
    const added = listNice().filter((nice) => nice > 0).length;
    expect(added - before.filter((nice) => nice > 0).length).toBe(
      process.platform === 'linux' ? 1 : 0,
    );
  });
});

/** How much each thread of this process gives way. */
function listNice(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/task').map((task) => {
    const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}
