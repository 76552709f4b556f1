import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditPage } from '../../src/core/audit.wire.ts';
import { realClock, startTestServer, type TestServer } from '../app.ts';
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

/** Lines that do something at once, without a question: what they do is tested elsewhere. */
const atOnce =
  /^(\[|Keep|Open a session|Close|Open again|Put it away|Take it out|Deactivate|Assign|Make one|Further|Older|Sign out|Quick|Enrolled without|Settle|Leave|Back|Marks and sessions|Everything again|Only of one kind|Only of one group|muster|, )/;

/** Where the lines come from a list, one of them stands for all. */
const oneOf = /^(\d|- {2}|Chemistry|Physics|Gate)/;

/** Goes through all menus in lines, and at each question does what is tested. */
class Explorer {
  readonly terminal: PseudoTerminal;
  readonly questions = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #key: string;

  constructor(terminal: PseudoTerminal, key: string) {
    this.terminal = terminal;
    this.#key = key;
  }

  /** The menu that is open, and everything behind it; ends before it is left. */
  async explore(depth = 0): Promise<void> {
    const lines = await this.#menu();
    let isTried = false;
    for (const [index, label] of lines.entries()) {
      const isOne = oneOf.test(label);
      if (atOnce.test(label) || (isOne && isTried)) continue;
      isTried ||= isOne;
      this.terminal.type(`${index + 1}${keys.enter}`);
      const prompt = await this.#prompt();
      if (prompt !== menuPrompt) {
        this.questions.add(prompt.trim());
        this.terminal.type(this.#key);
        expect(await this.#prompt(), `after ${prompt}`).toBe(menuPrompt);
      } else if (depth < 5 && !(await this.#isSame(lines))) {
        const name = (await this.#menu()).join();
        if (!this.#seen.has(name)) {
          this.#seen.add(name);
          await this.explore(depth + 1);
        }
        this.terminal.type(`b${keys.enter}`);
        expect(await this.#prompt()).toBe(menuPrompt);
      }
    }
  }

  #read = 0;

  /** Waits for the next prompt: the end of what is written, once nothing more comes. */
  async #prompt(): Promise<string> {
    const end = performance.now() + 45_000;
    for (;;) {
      const { all } = this.terminal;
      if (performance.now() > end) throw new Error(`nothing is asked after:\n${all.slice(-600)}`);
      const last = all.slice(all.lastIndexOf('\n') + 1);
      if (all.length > this.#read && /[:?] $/.test(last)) {
        await setTimeout(30);
        if (this.terminal.all.length === all.length) {
          this.#read = all.length;
          return last;
        }
      } else await setTimeout(10);
    }
  }

  async #menu(): Promise<string[]> {
    const { all } = this.terminal;
    return [...all.slice(all.lastIndexOf('\n1. ')).matchAll(/^\d+\. (.*)$/gm)].map(
      ([, label = '']) => label.trim(),
    );
  }

  async #isSame(lines: readonly string[]): Promise<boolean> {
    return (await this.#menu()).join() === lines.join();
  }

  start(): Promise<string> {
    return this.#prompt();
  }
}

async function countEvents(): Promise<number> {
  const page = await school.admin.get<AuditPage>('/api/audit');
  const acts = page.value.events.filter(({ type }) => !/read|sign-in|audit/.test(type));
  return acts.length;
}

test.each([
  ['^C', keys.stop],
  ['^D', '\x04'],
])(
  '%s at every question of every menu is one step back, and nothing is done',
  async (_, key) => {
    const before = await countEvents();
    await using terminal = new PseudoTerminal(home, [
      'terminal',
      '--linear',
      '--server',
      server.origin,
    ]);
    await terminal.answer('Number or e-mail', adminEmail);
    await terminal.answer('Password', adminPassword);
    await terminal.sees(menuPrompt);
    const explorer = new Explorer(terminal, key);
    await explorer.start();
    await explorer.explore();
    expect(explorer.questions.size, [...explorer.questions].join('\n')).toBeGreaterThan(15);
    expect(await countEvents()).toBe(before);
    terminal.type(`b${keys.enter}`);
    expect(await terminal.ended).toBe(0);
    expect(terminal.raw).not.toMatch(/\n\s+at /);
  },
  5 * minutes,
);
