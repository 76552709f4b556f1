import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { SessionId } from '../../src/core/brand.ts';
import { buildBundleWhenStale } from '../../src/server/bundle.ts';
import { freePort } from '../cluster/free-port.ts';
import { root } from '../house.ts';
import { until } from '../until.ts';
import { LineWalker } from './line-walker.ts';
import type { PageWalker } from './page-walker.ts';
import { keys, PseudoTerminal } from './pseudo-terminal.ts';
import { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

test('a terminal that is killed in the set-up leaves a new installation, and the next one sets it up', async () => {
  await buildBundleWhenStale({ root, log: () => {} });
  await using parts = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'muster-kill-'));
  parts.defer(() => rm(home, { recursive: true, force: true }));
  const ports = ['--port', `${await freePort()}`, '--https-port', `${await freePort()}`];
  const open = () => new LineWalker(new PseudoTerminal(home, ['terminal', '--linear', ...ports]));
  const answer = async (walker: LineWalker, name: string): Promise<void> => {
    await walker.answer('Name of the school', name);
    await walker.answer('Your name', 'Edna Krabappel');
    await walker.answer('Your e-mail', 'edna@example.org');
    await walker.answer('Time zone', 'Europe/Berlin');
    await walker.choose('Teachers');
    await walker.answer('A new password', 'correct-horse-battery');
    await walker.asked('The same again');
  };
  {
    await using walker = open();
    await answer(walker, 'Half');
    walker.terminal.type('correct-horse-battery');
    walker.terminal.kill('SIGKILL');
    await walker.terminal.ended;
  }
  await using walker = open();
  const { terminal } = walker;
  await terminal.sees('This installation is new');
  await answer(walker, 'Springfield');
  terminal.type(`correct-horse-battery${keys.enter}`);
  await terminal.sees('Springfield: Edna Krabappel');
  expect(terminal.all).not.toContain('Half');
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});

test('a terminal that is killed in the roll loses what the server had not taken, and nothing else', async () => {
  await using stage = await Stage.open();
  const session = await stage.school.openSession({ group: await stage.addClass() });
  {
    await using walker = stage.openPage();
    const { terminal } = walker;
    await goToRoll(walker);
    terminal.type('p');
    await until(async () => (await listMarks(stage, session)).includes('007 present'));
    await stage.stopServer();
    terminal.type('l');
    await terminal.shows('1 not sent.');
    terminal.kill('SIGKILL');
    await terminal.ended;
  }
  await stage.startServer();
  const left = ['007 present', '008 null', '009 null'];
  expect(await listMarks(stage, session)).toEqual(left);
  await using walker = stage.openPage();
  await goToRoll(walker);
  await walker.terminal.shows('● P 007');
  expect(await listMarks(stage, session)).toEqual(left);
  walker.terminal.type('u');
  await walker.terminal.shows('Nothing was marked here yet.');
});

async function goToRoll(walker: PageWalker): Promise<void> {
  await walker.signIn();
  await walker.choose('Sessions that are open');
  await walker.choose('open');
  await walker.choose('Take the roll');
  await walker.terminal.shows(/^> /m);
}

async function listMarks({ school }: Stage, session: SessionId): Promise<string[]> {
  const { people } = await school.board(session);
  return people.map(({ number, record }) => `${number} ${record.status}`).sort();
}
