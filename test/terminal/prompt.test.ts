import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditPage } from '../../src/core/audit.wire.ts';
import { realClock, startTestServer, type TestServer } from '../app.ts';
import { Muster } from '../muster.ts';
import { adminEmail, adminPassword, openSchool, type School } from '../school.ts';
import { furnish } from './furnish.ts';
import { keys, PseudoTerminal } from './pseudo-terminal.ts';

const minutes = 60_000;
const menuPrompt = 'Number, or b for back: ';
let home: string;
let server: TestServer<typeof realClock>;
let school: School;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'muster-prompt-'));
  server = await startTestServer({ clock: realClock });
  school = await openSchool(server);
  await furnish(school);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

async function countEvents(): Promise<number> {
  const page = await school.admin.get<AuditPage>('/api/audit');
  const acts = page.value.events.filter(({ type }) => !/read|sign-in|audit/.test(type));
  return acts.length;
}

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
    const before = await countEvents();
    await using terminal = new PseudoTerminal(home, [
      'terminal',
      '--linear',
      '--server',
      server.origin,
    ]);
    await terminal.answer('Number or e-mail', adminEmail);
    await terminal.answer('Password', adminPassword);
    for (const label of path) {
      await terminal.sees(menuPrompt);
      const shown = terminal.all.slice(terminal.all.lastIndexOf('\n1. '));
      const [, number = ''] = new RegExp(`(\\d+)\\. ${label}`).exec(shown) ?? [];
      terminal.type(number + keys.enter);
    }
    for (const answer of answers.slice(0, -1)) {
      await terminal.sees(': ');
      terminal.type(answer + keys.enter);
    }
    await terminal.sees(': ');
    terminal.type(answers.at(-1) ?? '');
    terminal.kill('SIGKILL');
    await terminal.ended;
    expect(await countEvents()).toBe(before);
  },
  2 * minutes,
);

test(
  'a paste of thousands of letters, no UTF-8 and control characters at a page end in words',
  async () => {
    await using terminal = new PseudoTerminal(home, ['terminal', '--server', server.origin]);
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
  },
  2 * minutes,
);

test(
  'a dumb terminal gets lines; none at all gets a sentence and its exit code',
  async () => {
    await using dumb = new PseudoTerminal(home, ['terminal', '--server', server.origin], {
      env: { TERM: 'dumb' },
    });
    await dumb.answer('Number or e-mail address:', adminEmail);
    await dumb.answer('Password (not shown):', adminPassword);
    await dumb.sees(menuPrompt);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing is redrawn
    expect(dumb.raw).not.toMatch(/\x1b\[\d*[ABCDHJ]/);
    await using none = new Muster(home, ['terminal', '--server', server.origin]);
    const { code, err } = await none.ended;
    expect(err).toContain('muster terminal needs a terminal. With --linear it reads lines.');
    expect(code).toBe(64);
  },
  2 * minutes,
);

test(
  'what a person is called does not drive the terminal',
  async () => {
    const group = await school.addGroup('\u001b]0;owned\u0007\u202egnp');
    const added = await school.admin.post(`/api/groups/${group}/people`, {
      number: '666',
      name: 'Eve \u202egnp.exe\u001b[2J\u001b]0;owned\u0007',
    });
    await using terminal = new PseudoTerminal(home, ['terminal', '--server', server.origin]);
    await terminal.shows('Number or e-mail');
    terminal.type(adminEmail + keys.enter);
    await terminal.shows('Password');
    terminal.type(adminPassword + keys.enter);
    await terminal.shows('Groups');
    terminal.type(keys.enter);
    await terminal.shows('Chemistry');
    expect([200, 400]).toContain(added.status);
    expect(terminal.raw).not.toContain('\x1b]0;');
    expect(terminal.raw).not.toContain('\u202e');
  },
  2 * minutes,
);
