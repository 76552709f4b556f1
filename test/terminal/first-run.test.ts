import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildBundleWhenStale } from '../../src/server/bundle.ts';
import { freePort } from '../cluster/free-port.ts';
import { root } from '../house.ts';
import { keys, PseudoTerminal } from './pseudo-terminal.ts';

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
  await terminal.pick('Enrol people', 3);
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
