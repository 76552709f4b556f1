// The rules of the house are kept by tools; here the rules are broken to see the tools bite.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildProbe, rooms, root } from './house.ts';

const tsc = 'typescript/bin/tsc';
const biome = '@biomejs/biome/bin/biome';
const built = Object.keys(rooms).filter((room) =>
  existsSync(join(root, 'src', room, 'tsconfig.json')),
);
const pairs = built.flatMap((from) =>
  built.filter((to) => to !== from).map((to) => ({ from, to, allowed: rooms[from]?.includes(to) })),
);

function buildRooms() {
  const probe = buildProbe();
  const references = built.map((room) => ({ path: `src/${room}` }));
  probe.write('tsconfig.json', JSON.stringify({ files: [], references }));
  for (const room of built) probe.write(`src/${room}/noun.ts`, `export const ${room}Noun = 1;\n`);
  return probe;
}

function importing(to: string, extra = ''): string {
  return `import { ${to}Noun } from '../${to}/noun.ts';\n\nexport const copy = ${to}Noun;\n${extra}`;
}

describe('the compiler', () => {
  test('lets every room import from above', () => {
    using probe = buildRooms();
    // cli starts web as a built bundle and never imports its code
    for (const { from, to, allowed } of pairs)
      if (allowed && to !== 'web') probe.write(`src/${from}/of-${to}.ts`, importing(to));
    expect(probe.run(tsc, '-b', '--pretty', 'false')).toEqual({ code: 0, output: '' });
  });

  test('refuses every import from beside or below', () => {
    using probe = buildRooms();
    const forbidden = pairs.filter(({ allowed }) => !allowed);
    for (const { from, to } of forbidden) probe.write(`src/${from}/of-${to}.ts`, importing(to));
    const { code, output } = probe.run(tsc, '-b', '--pretty', 'false');
    expect(code).not.toBe(0);
    const passed = forbidden.filter(
      ({ from, to }) => !new RegExp(`src/${from}/of-${to}\\.ts.*TS6307`).test(output),
    );
    expect(passed, output).toEqual([]);
    expect(forbidden.length).toBeGreaterThan(20);
  });

  test.each([
    ['fetch', `export const x = fetch('/');`],
    ['process', 'export const x = process.pid;'],
    ['document', 'export const x = document.title;'],
    ['setTimeout', 'setTimeout(() => {}, 1);'],
    ['node:fs', `import fs from 'node:fs';\nexport const x = fs;`],
  ])('knows no %s in core', (name, text) => {
    using probe = buildRooms();
    probe.write('src/core/probe.ts', `${text}\n`);
    const { code, output } = probe.run(tsc, '-b', '--pretty', 'false', 'src/core');
    expect(code).not.toBe(0);
    expect(output).toMatch(new RegExp(`src/core/probe\\.ts.*'${name}'`));
  });
});

describe('the linter', () => {
  function lint(file: string, text: string) {
    using probe = buildProbe();
    probe.write('src/core/ok.ts', 'export const ok = 1;\n');
    probe.write(file, text);
    return probe.run(biome, 'lint', '--vcs-enabled=false', '--error-on-warnings', 'src');
  }

  test('has nothing against a clean file', () => {
    const text = `import * as z from 'zod';\n\nexport const shape = z.string();\n`;
    expect(lint('src/core/clean.ts', text)).toMatchObject({ code: 0 });
  });

  test.each(pairs.filter(({ allowed }) => !allowed))('keeps $from from importing $to', (pair) => {
    const { code, output } = lint(`src/${pair.from}/probe.ts`, importing(pair.to));
    expect(code).not.toBe(0);
    expect(output).toContain(`Imports go up: ${pair.from} may import from`);
  });

  test.each([
    ['Date.now', 'export const x = Date.now();'],
    ['new Date', 'export const x = new Date();'],
    ['globalThis.Date', 'export const x = globalThis.Date.now();'],
    ['Math.random', 'export const x = Math.random();'],
    ['Math.random by another name', 'export const { random } = Math;'],
    ['Temporal.Now', 'export const x = Temporal.Now.instant();'],
  ])('allows no %s in core', (_name, text) => {
    const { code, output } = lint('src/core/probe.ts', `${text}\n`);
    expect(code).not.toBe(0);
    expect(output).toContain('core has no clock and no randomness');
  });

  test.each<[string, string, string, string]>([
    ['a foreign package in core', 'core/probe', `import 'kysely';`, 'core takes no package'],
    [
      'a value from core on the phone',
      'web/phone/probe',
      `import '../../core/ok.ts';`,
      'only types',
    ],
    ['zod on the phone', 'web/phone/probe', `import 'zod';`, 'plain DOM code'],
    ['signals on the phone', 'web/phone/probe', `import '@preact/signals';`, 'plain DOM code'],
    ['a barrel', 'core/probe', `export { ok } from './ok.ts';`, 'noBarrelFile'],
    ['an import without extension', 'core/probe', `import './ok';`, 'useImportExtensions'],
    [
      'a promise left alone',
      'server/probe',
      'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}',
      'noFloatingPromises',
    ],
    [
      'a skipped test',
      'core/probe.test',
      `import { test } from 'vitest';\n\ntest.skip('x', () => {});`,
      'noSkippedTests',
    ],
  ])('refuses %s', (_name, file, text, complaint) => {
    const { code, output } = lint(`src/${file}.ts`, `${text}\n`);
    expect(code).not.toBe(0);
    expect(output).toContain(complaint);
  });
});
