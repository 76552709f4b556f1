import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildBundleWhenStale } from '../../src/server/bundle.ts';
import { freePort } from '../cluster/free-port.ts';
import { root } from '../house.ts';
import { keys, PseudoTerminal } from './pseudo-terminal.ts';

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
  await using terminal = new PseudoTerminal(home, ['terminal', ...ports]);
  await terminal.answer('Name of the school', 'Springfield');
  await terminal.answer('Your name', 'Edna Krabappel');
  await terminal.answer('Your e-mail', 'edna@example.org');
  await terminal.answer('Time zone', '');
  await terminal.answer('What do you call', '');
  await terminal.answer('A new password', 'short');
  await terminal.sees('too short');
  await terminal.answer('A new password', 'correct-horse-battery');
  await terminal.answer('The same again', 'correct-horse-battery');
  await terminal.pick('Springfield: Edna', 0);
  await terminal.pick('New group', 0);
  await terminal.answer('Name of the group', 'Physics 10B');
  await terminal.pick('Enrol people', 4);
  await terminal.answer('Number', '007');
  await terminal.answer('Name', 'Ada Lovelace');
  await terminal.answer('Number', '008');
  await terminal.answer('Name', 'Alan Turing');
  await terminal.answer('Number', '');
  await terminal.pick('Open a session now', 0);
  await terminal.answer('Title', '');
  await terminal.pick('Take the roll', 0);
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
  for (const menu of ['Physics 10B', 'Groups', 'Springfield: Edna']) {
    await terminal.sees('Enter: confirm');
    terminal.type(keys.stop);
    await terminal.sees(menu);
  }
  await terminal.sees('Enter: confirm');
  terminal.type(keys.stop);
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toContain('correct-horse-battery');
  expect(terminal.raw).not.toMatch(/\n\s+at .*\.ts:/);
});

test('an administrator adds a person, gives them a PIN, and they check in; who is erased is gone', async () => {
  await using terminal = new PseudoTerminal(home, ['terminal', '--linear', ...ports]);
  const choose = async (label: string): Promise<void> => {
    await terminal.sees('Number, or b for back:');
    const line = new RegExp(`(\\d+)\\. ${label}`);
    const shown = terminal.all;
    const [, number = ''] = line.exec(shown.slice(shown.lastIndexOf('\n1. '))) ?? [];
    terminal.type(number + keys.enter);
  };
  await choose('People');
  await choose('Add a person');
  await terminal.answer('Number (may', '042');
  await terminal.answer('Name', 'Grace Hopper');
  await terminal.answer('E-mail', 'grace@example.org');
  await terminal.sees('Grace Hopper is added');
  await choose('Give a PIN');
  await terminal.answer('PIN of', '482915');
  await terminal.sees('The PIN counts');
  await choose('Assign a password');
  await terminal.sees('Password of Grace Hopper: ');
  for (const label of ['Back', 'Back', 'Groups', 'Physics 10B', 'Enrol people'])
    await choose(label);
  await terminal.answer('Number (empty', '042');
  await terminal.answer('Name', 'Grace Hopper');
  await terminal.answer('Number (empty', '');
  await choose('Open a session');
  await terminal.answer('Title', 'Laboratory');
  for (const label of ['Back', 'Back', 'Back', 'Check in']) await choose(label);
  await terminal.answer('Number', '042');
  await terminal.answer('PIN or password', '482915');
  await terminal.sees('Grace Hopper: present in Laboratory');
  await choose('People');
  await choose('Search');
  await terminal.answer('Beginnings', 'grac');
  await choose('042  Grace Hopper');
  await choose('Erase');
  await terminal.answer('Type the name', 'Grace');
  await terminal.sees('Not done');
  await choose('Erase');
  await terminal.answer('Type the name', 'Grace Hopper');
  await terminal.sees('The person is erased');
  for (const label of ['Back', 'Back', 'Leave']) await choose(label);
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toContain('482915');
});
