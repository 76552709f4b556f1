import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildBundleWhenStale } from '../../src/server/bundle.ts';
import { realClock, startTestServer } from '../app.ts';
import { freePort } from '../cluster/free-port.ts';
import { root } from '../house.ts';
import { adminEmail, adminPassword, openSchool, School } from '../school.ts';
import { until } from '../until.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';
import { Walker } from './walker.ts';

const minutes = 60_000;
let home: string;

beforeAll(async () => {
  await buildBundleWhenStale({ root, log: () => {} });
  home = await mkdtemp(join(tmpdir(), 'muster-kill-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test(
  'a terminal that is killed in the set-up leaves a new installation, and the next one sets it up',
  async () => {
    const ports = ['--port', `${await freePort()}`, '--https-port', `${await freePort()}`];
    const open = () => new PseudoTerminal(home, ['terminal', '--linear', ...ports]);
    const answer = async (terminal: PseudoTerminal, name: string): Promise<void> => {
      await terminal.answer('Name of the school', name);
      await terminal.answer('Your name', 'Edna Krabappel');
      await terminal.answer('Your e-mail', 'edna@example.org');
      await terminal.answer('Time zone', 'Europe/Berlin');
      await terminal.answer('Number, or b for back:', '1');
      await terminal.answer('A new password', 'correct-horse-battery');
      await terminal.sees('The same again');
    };
    {
      await using terminal = open();
      await answer(terminal, 'Half');
      terminal.type('correct-horse-battery');
      terminal.kill('SIGKILL');
      await terminal.ended;
    }
    await using terminal = open();
    await terminal.sees('This installation is new');
    await answer(terminal, 'Springfield');
    terminal.type('correct-horse-battery\r');
    await terminal.sees('Springfield: Edna Krabappel');
    expect(terminal.all).not.toContain('Half');
    expect(terminal.raw).not.toMatch(/\n\s+at /);
  },
  3 * minutes,
);

test(
  'a terminal that is killed in the roll loses what the server had not taken, and nothing else',
  async () => {
    const folder = join(home, 'server');
    const config = { port: await freePort() };
    let server = await startTestServer({ clock: realClock, folder, config });
    try {
      const first = await openSchool(server);
      const group = await first.addGroup('Physics 10B');
      await first.enrol(group, [
        ['007', 'Ada Lovelace'],
        ['008', 'Alan Turing'],
        ['009', 'Grace Hopper'],
      ]);
      const session = await first.openSession({ group });
      const open = async (): Promise<Walker> => {
        const walker = new Walker(home, ['terminal', '--server', server.origin]);
        await walker.answer('Number or e-mail address', adminEmail);
        await walker.answer('Password', adminPassword);
        await walker.choose('Sessions that are open');
        await walker.choose('2');
        await walker.choose('Take the roll');
        await walker.terminal.shows(/^> /m);
        return walker;
      };
      const standing = async (school: School) =>
        (await school.board(session)).people
          .map(({ number, record }) => `${number} ${record.status}`)
          .sort();
      {
        await using walker = await open();
        const { terminal } = walker;
        terminal.type('p');
        await until(async () => (await standing(first)).includes('007 present'));
        await server[Symbol.asyncDispose]();
        terminal.type('l');
        await terminal.shows('1 not sent.');
        terminal.kill('SIGKILL');
        await terminal.ended;
      }
      server = await startTestServer({ clock: realClock, folder, config });
      const school = new School(server, first.admin);
      const left = ['007 present', '008 null', '009 null'];
      expect(await standing(school)).toEqual(left);
      await using walker = await open();
      await walker.terminal.shows('● P 007');
      expect(await standing(school)).toEqual(left);
      walker.terminal.type('u');
      await walker.terminal.shows('Nothing was marked here yet.');
    } finally {
      await server[Symbol.asyncDispose]();
    }
  },
  3 * minutes,
);
