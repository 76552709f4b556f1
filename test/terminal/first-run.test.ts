import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildBundleWhenStale } from '../../src/server/bundle.ts';
import { freePort } from '../cluster/free-port.ts';
import { root } from '../house.ts';
import { LineWalker } from './line-walker.ts';
import { PageWalker } from './page-walker.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

let home: string;
let ports: string[];
beforeAll(async () => {
  await buildBundleWhenStale({ root, log: () => {} });
  home = await mkdtemp(join(tmpdir(), 'muster-terminal-'));
  ports = ['--port', `${await freePort()}`, '--https-port', `${await freePort()}`];
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('a first run from set-up to the first mark needs nothing but a terminal', async () => {
  await using walker = new PageWalker(new PseudoTerminal(home, ['terminal', ...ports]));
  const { terminal } = walker;
  await walker.answer('Name of the school', 'Springfield');
  await walker.answer('Your name', 'Edna Krabappel');
  await walker.answer('Your e-mail', 'edna@example.org');
  await walker.answer('Time zone', '');
  await walker.choose('Teachers');
  await walker.answer('A new password', 'short');
  await terminal.sees('too short');
  await walker.answer('A new password', 'correct-horse-battery');
  await walker.answer('The same again', 'correct-horse-battery');
  await terminal.sees('Print the recovery sheet');
  await walker.choose('Groups');
  await walker.choose('New group');
  await walker.answer('Name of the group', 'Physics 10B');
  await walker.choose('Enrol people');
  for (const [number, name] of [
    ['007', 'Ada Lovelace'],
    ['008', 'Alan Turing'],
  ] as const) {
    await walker.answer('Number', number);
    await walker.answer('Name', name);
  }
  await walker.answer('Number', '');
  await walker.choose('Open a session now');
  await walker.answer('Title', '');
  await walker.choose('Take the roll');
  await terminal.sees('> ');
  terminal.type('p');
  await terminal.sees('Ada Lovelace: present');
  terminal.type('l');
  await terminal.sees('Alan Turing: late');
  terminal.type('u');
  await terminal.sees('Alan Turing: taken back');
  terminal.resize(40, 10);
  await terminal.sees('● P 007 Ada Lovelace');
  terminal.type('c');
  await terminal.sees('c again closes and marks 1');
  terminal.type('c');
  await terminal.sees('closed: 1 present, 1');
  for (let level = 0; level < 4; level += 1) await walker.back();
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toContain('correct-horse-battery');
  expect(terminal.raw).not.toMatch(/\n\s+at .*\.ts:/);
});

test('an administrator adds a person, gives them a PIN, and they check in; who is erased is gone', async () => {
  await using walker = new LineWalker(new PseudoTerminal(home, ['terminal', '--linear', ...ports]));
  const { terminal } = walker;
  const go = async (...labels: readonly string[]): Promise<void> => {
    for (const label of labels) await walker.choose(label);
  };
  await go('People', 'Add a person');
  await walker.answer('Number (may', '042');
  await walker.answer('Name', 'Grace Hopper');
  await walker.answer('E-mail', 'grace@example.org');
  await terminal.sees('Grace Hopper is added');
  await go('Give a PIN');
  await walker.answer('PIN of', '482915');
  await terminal.sees('The PIN counts');
  await go('Assign a password');
  await terminal.sees('Password of Grace Hopper: ');
  await go('Back', 'Back', 'Groups', 'Physics 10B', 'Enrol people');
  await walker.answer('Number (empty', '042');
  await walker.answer('Name', 'Grace Hopper');
  await walker.answer('Number (empty', '');
  await go('Open a session');
  await walker.answer('Title', 'Laboratory');
  await go('Back', 'Back', 'Back', 'Check in');
  await walker.answer('Number', '042');
  await walker.answer('PIN or password', '482915');
  await terminal.sees('Grace Hopper: present in Laboratory');
  await go('People', 'Search');
  await walker.answer('Beginnings', 'grac');
  await go('042  Grace Hopper', 'Erase');
  await walker.answer('Type the name', 'Grace');
  await terminal.sees('Not done');
  await go('Erase');
  await walker.answer('Type the name', 'Grace Hopper');
  await terminal.sees('The person is erased');
  await go('Back', 'Back', 'Leave');
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toContain('482915');
});
