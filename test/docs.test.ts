import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeHelp } from '../src/cli/help-text.ts';
import { describeVerb, describeVerbs, findVerb } from '../src/cli/verb.ts';
import { liveRequest } from '../src/core/live.wire.ts';
import { type RefusalCode, refusalCodes } from '../src/core/refusal.ts';
import { problems } from '../src/server/problem.ts';
import type { Route } from '../src/server/route.ts';
import { allRoutes } from '../src/server/routes.ts';
import { root } from './house.ts';

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...globSync('docs/*.md', { cwd: root }),
];
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What stands in backticks, and the lines of fenced blocks. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].map((match) => match[1] ?? '');
  const spans = text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g);
  return [
    ...blocks.flatMap((block) => block.split('\n')),
    ...[...spans].map((span) => span[1] ?? ''),
  ];
}

/** Cells of the rows whose first cell holds a code or whose second a path; without backticks. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

const mentions = pages.flatMap((page) => codeOf(read(page)).map((code) => ({ page, code })));

describe('codes of refusals', () => {
  /** Codes of pages and of programs: the check-in page never asks for what answers with them. */
  const notOnPhones: readonly RefusalCode[] = [
    'session-state',
    'number-taken',
    'email-taken',
    'email-malformed',
    'import-unreadable',
    'import-too-large',
    'nothing-to-undo',
    'no-conflict',
    'not-a-guest',
    'reason-missing',
    'last-host',
    'own-role',
    'sign-in-wrong',
    'sign-in-needed',
    'sign-in-throttled',
    'second-step-wrong',
    'second-step-over',
    'second-step-needed',
    'password-change-needed',
    'passkey-refused',
    'passkeys-unavailable',
    'password-short',
    'password-common',
    'password-wrong',
    'link-invalid',
    'already-set-up',
    'not-set-up',
    'backup-folder-missing',
    // it sends JSON from its own page, to routes that plain HTTP carries and that need nobody
    'not-json',
    'not-allowed',
    'origin-refused',
    'secure-only',
    'last-admin',
    'number-retired',
    'person-inactive',
    'person-held',
    'keys-taken',
    'name-mismatch',
    'birth-date-wrong',
    'own-field-wrong',
    'retention-unconfirmed',
    'retention-running',
  ];
  const documented = rowsOf(read('docs/errors.md')).filter(([code = '']) => code in problems);

  /** The keys of a catalogue, read as text: the room's own compiler options need not hold here. */
  function keysOf(file: string, pattern: RegExp): string[] {
    return [...read(file).matchAll(pattern)].map((match) => match[1] ?? '').sort();
  }
  const phone = keysOf(
    'src/web/phone/message-en.ts',
    /^ {2}'?([a-z][a-z-]+)'?: \[(?=[^\]]*\],?$)/gm,
  );

  test('stand in the table of HTTP statuses, each once', () => {
    expect(Object.keys(problems).sort()).toEqual([...refusalCodes].sort());
  });

  test('stand in docs/errors.md with their status and whether phones explain them', () => {
    const expected = refusalCodes.map((code) => [
      code,
      String(problems[code][0]),
      notOnPhones.includes(code) ? 'no' : 'yes',
    ]);
    expect(documented.map((row) => row.slice(0, 3)).sort()).toEqual(expected.sort());
    for (const [code, , , meaning, advice] of documented) {
      expect([meaning, advice].every(Boolean), code).toBe(true);
    }
  });

  test('have a sentence in the app', () => {
    const keys = keysOf('src/web/message/en-problem.ts', /^ {2}'problem\.([a-z-]+)':/gm);
    // `offline` is the client's own: nobody answered
    expect(keys).toEqual([...refusalCodes, 'offline'].sort());
  });

  test('have a sentence on the phone, but for those it cannot meet', () => {
    const codes = phone.filter((key) => refusalCodes.some((code) => code === key));
    expect(codes).toEqual(refusalCodes.filter((code) => !notOnPhones.includes(code)).sort());
  });
});

describe('the documentation', () => {
  test('names only files that are there', () => {
    const named = mentions.filter(({ code }) => /^(src|test|bench|docs|bin|lint)\/\S+$/.test(code));
    expect(named.length).toBeGreaterThan(20);
    const dead = named.filter(({ code }) => globSync(code, { cwd: root }).length === 0);
    expect(dead).toEqual([]);
  });

  test('links only to files that are there', () => {
    const links = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => ({
        page,
        file: join(dirname(page), match[1] ?? ''),
      })),
    );
    expect(links.filter(({ file }) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('names only scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = mentions.flatMap(({ page, code }) =>
      [...code.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map((match) => ({
        page,
        script: match[1] ?? match[2] ?? '',
      })),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  test('names only commands of muster, with flags that they have', async () => {
    const wrong: string[] = [];
    for (const { page, code } of mentions) {
      for (const [, name = '', rest = ''] of code.matchAll(
        /\bmuster(?:\.js)? ([a-z]+(?:-[a-z]+)*)\b([^&|]*)/g,
      )) {
        const verb = name === 'help' ? undefined : findVerb(name);
        const usage = verb ? await allFlags(name) : '--man';
        const flags = [...rest.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag);
        const odd = flags.filter((flag) => !new RegExp(`${flag}\\b(?!-)`).test(usage));
        if ((!verb && name !== 'help') || odd.length > 0) wrong.push(`${page}: ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('names only flags that something takes', async () => {
    const usages = (await describeVerbs()).map((verb) => writeHelp(verb));
    const ours = usages.join();
    // of npm
    const foreign = ['--omit'];
    const flags = mentions
      .filter(({ code }) => /^--[a-z-]+/.test(code))
      .flatMap(({ page, code }) =>
        (code.match(/--[a-z][a-z-]*/g) ?? []).map((flag) => ({ page, flag })),
      );
    expect(flags.filter(({ flag }) => !foreign.includes(flag) && !ours.includes(flag))).toEqual([]);
  });

  test('names only environment variables that are read', () => {
    const readers = ['src/cli/environment.ts', 'test/browser.ts', 'test/engine/databases.ts']
      .map(read)
      .join('');
    const named = mentions.flatMap(({ page, code }) =>
      (code.match(/\bMUSTER_[A-Z_]+/g) ?? []).map((variable) => ({ page, variable })),
    );
    expect(
      named.filter(
        ({ variable }) =>
          !readers.includes(`'${variable}'`) && !new RegExp(`env\\.${variable}\\b`).test(readers),
      ),
    ).toEqual([]);
  });

  /** The help of a command; some take what `start` takes and say so. */
  async function allFlags(name: string): Promise<string> {
    const verb = await describeVerb(name);
    const help = writeHelp(verb);
    return verb.startsServer ? help + (await allFlags('start')) : help;
  }
});

describe('docs/api.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-docs-'));
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app/index.html'), '');
  afterAll(() => rmSync(folder, { recursive: true }));
  const routes: readonly Route[] = allRoutes({ render: () => ({ html: '', csp: '' }) }, folder);
  const page = read('docs/api.md');

  test('has every route, with who may use it and whether plain HTTP carries it', () => {
    const rows = rowsOf(page)
      .filter(([method = '']) => method === 'GET' || method === 'POST')
      .map((row) => row.slice(0, 4).join(' '));
    const expected = routes.map(({ method, path, needs, plain }) =>
      [method, path, needs, plain ? 'yes' : 'no'].join(' '),
    );
    expect(rows.sort()).toEqual(expected.sort());
  });

  test('says how large a body may be where it may be larger than usual', () => {
    const wrong = routes.flatMap(({ method, path, limit }) => {
      const row =
        rowsOf(page)
          .find(([of, at]) => of === method && at === path)
          ?.join(' ') ?? '';
      const said = /up to (\d+) (K|M)iB/.exec(row);
      const bytes = said ? Number(said[1]) * (said[2] === 'M' ? 2 ** 20 : 2 ** 10) : undefined;
      return bytes === limit ? [] : [`${method} ${path}: ${limit}`];
    });
    expect(wrong).toEqual([]);
  });

  test('has every request of the live channel', () => {
    const said = [...page.matchAll(/"do": "([a-z]+)"/g)].map((match) => match[1]);
    expect(said.sort()).toEqual(liveRequest.options.map((option) => option.shape.do.value).sort());
  });
});
