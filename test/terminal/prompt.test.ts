import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Muster } from '../muster.ts';
import { adminEmail, adminPassword } from '../school.ts';
import { furnish } from './furnish.ts';
import { menuPrompt } from './line-walker.ts';
import { keys } from './pseudo-terminal.ts';
import { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 3 * 60_000 });

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await furnish(stage.school);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Questions one after the other; what was answered before the end is not done. */
const forms: readonly (readonly [path: readonly string[], answers: readonly string[]])[] = [
  [
    ['People', 'Add a person'],
    ['900', 'Nobody Yet', 'nobody@example.org'],
  ],
  [
    ['People', 'Everybody', '008', 'Change'],
    ['999', 'Other Name', '', '', '', '', '', ''],
  ],
  [
    ['Groups', 'Physics 10B', 'Enrol people'],
    ['901', 'Nobody Yet'],
  ],
  [
    ['My account', 'Change my password'],
    [adminPassword, 'tulip-harbour-lantern-9', 'tulip-harbour-lantern-9'],
  ],
];

test.each(forms)(
  'a terminal that is killed before the last answer of %s leaves all as it was',
  async (path, answers) => {
    const before = await stage.listDeeds();
    await using walker = stage.openLines();
    const { terminal } = walker;
    await walker.signIn();
    for (const label of path) await walker.choose(label);
    for (const answer of answers.slice(0, -1)) {
      expect(await walker.prompt()).not.toBe(menuPrompt);
      terminal.type(answer + keys.enter);
    }
    expect(await walker.prompt()).not.toBe(menuPrompt);
    terminal.type(answers.at(-1) ?? '');
    terminal.kill('SIGKILL');
    await terminal.ended;
    expect(await stage.listDeeds()).toEqual(before);
  },
);

test('a paste of thousands of letters, no UTF-8 and control characters at a page end in words', async () => {
  await using terminal = stage.openTerminal();
  await terminal.shows('Number or e-mail');
  // as much as the line to a terminal holds; src/terminal/keyboard.test.ts has 100,000
  terminal.type('x'.repeat(3_500) + keys.enter);
  await terminal.shows('too long');
  terminal.type(`${keys.clear}\x00\x01\x07\x9b${keys.enter}`);
  await terminal.shows(/Something has to be typed|UTF-8|Password/);
  terminal.type(`${keys.clear}${keys.enter}`);
  await terminal.shows(/Something has to be typed|Password/);
  terminal.type(keys.stop);
  await terminal.ended;
  expect(terminal.raw).not.toMatch(/\n\s+at /);
});

test('a dumb terminal gets lines; none at all gets a sentence and its exit code', async () => {
  await using dumb = stage.openTerminal({ env: { TERM: 'dumb' } });
  await dumb.answer('Number or e-mail address:', adminEmail);
  await dumb.answer('Password (not shown):', adminPassword);
  await dumb.sees(menuPrompt);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing is redrawn
  expect(dumb.raw).not.toMatch(/\x1b\[\d*[ABCDHJ]/);
  await using none = new Muster(stage.home, ['terminal', '--server', stage.origin]);
  const { code, err } = await none.ended;
  expect(err).toContain('muster terminal needs a terminal. With --linear it reads lines.');
  expect(code).toBe(64);
});

test('in lines what is corrected leaves its question in sight, and no key brings back what was typed', async () => {
  await using walker = stage.openLines();
  const { terminal } = walker;
  await walker.signIn('nobody', 'a-secret-of-nobody');
  await walker.asked('Number or e-mail address');
  terminal.type(`${keys.up}adax${keys.rubOut}`);
  await terminal.shows(/^Number or e-mail address \[nobody\]: ada$/m);
  expect(terminal.all).not.toContain('a-secret-of-nobody');
});

test('what a person is called does not drive the terminal', async () => {
  const { school } = stage;
  const group = await school.addGroup('\u001b]0;owned\u0007\u202egnp');
  const added = await school.admin.post(`/api/groups/${group}/people`, {
    number: '666',
    name: 'Eve \u202egnp.exe\u001b[2J\u001b]0;owned\u0007',
  });
  await using walker = stage.openPage();
  const { terminal } = walker;
  await walker.signIn();
  await walker.choose('Groups');
  await terminal.shows('Chemistry');
  expect([200, 400]).toContain(added.status);
  expect(terminal.raw).not.toContain('\x1b]0;');
  expect(terminal.raw).not.toContain('\u202e');
});
