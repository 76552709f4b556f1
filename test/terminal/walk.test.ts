import { afterAll, beforeAll, expect, test } from 'vitest';
import { furnish } from './furnish.ts';
import { type LineWalker, menuPrompt } from './line-walker.ts';
import { keys } from './pseudo-terminal.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await furnish(stage.school);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Lines that do something at once, without a question: what they do is tested elsewhere. */
const atOnce =
  /^(\[|Keep|Open a session|Close|Open again|Put it away|Take it out|Deactivate|Assign|Make one|Further|Older|Sign out|Quick|Enrolled without|Settle|Leave|Back|Marks and sessions|Everything again|Only of one kind|Only of one group|.*, since \d)/;

/** Where the lines come from a list, one of them stands for all. */
const oneOf = /^(\d|- {2}|Chemistry|Physics|Gate|open \d|closed \d)/;

/** Goes through all menus in lines, and at each question does what is tested. */
class Explorer {
  readonly #walker: LineWalker;
  readonly questions = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #key: string;

  constructor(walker: LineWalker, key: string) {
    this.#walker = walker;
    this.#key = key;
  }

  /** The menu that is open, and everything behind it; ends before it is left. */
  async explore(depth = 0): Promise<void> {
    const { terminal } = this.#walker;
    const lines = await this.#walker.menu();
    let isTried = false;
    for (const [index, label] of lines.entries()) {
      const isOne = oneOf.test(label);
      if (atOnce.test(label) || (isOne && isTried)) continue;
      isTried ||= isOne;
      terminal.type(`${index + 1}${keys.enter}`);
      const prompt = await this.#walker.prompt();
      if (prompt !== menuPrompt) {
        this.questions.add(prompt.trim());
        terminal.type(this.#key);
        expect(await this.#walker.prompt(), `after ${prompt}`).toBe(menuPrompt);
      } else if (depth < 5) await this.#enter(lines, depth + 1);
    }
  }

  /** What is behind a line, unless the menu that it stands in is there again: that may have more lines than before. */
  async #enter(before: readonly string[], depth: number): Promise<void> {
    const lines = await this.#walker.menu();
    if (before.every((line) => lines.includes(line))) return;
    const name = lines.join();
    if (!this.#seen.has(name)) {
      this.#seen.add(name);
      await this.explore(depth);
    }
    await this.#walker.back();
    await this.#walker.ready();
  }
}

test.each([
  ['^C', keys.stop],
  ['^D', '\x04'],
])(
  '%s at every question of every menu is one step back, and nothing is done',
  async (_, key) => {
    const before = await stage.listDeeds();
    await using walker = stage.openLines();
    const { terminal } = walker;
    await walker.signIn();
    const explorer = new Explorer(walker, key);
    await explorer.explore();
    expect(explorer.questions.size, [...explorer.questions].join('\n')).toBeGreaterThan(15);
    expect(await stage.listDeeds()).toEqual(before);
    await walker.back();
    expect(await terminal.ended).toBe(0);
    expect(terminal.raw).not.toMatch(/\n\s+at /);
  },
  5 * 60_000,
);
