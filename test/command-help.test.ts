import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { run as complete } from '../src/cli/completion.ts';
import { writeFlag } from '../src/cli/description.ts';
import { variables } from '../src/cli/environment-text.ts';
import { writeHelp, writeOverview } from '../src/cli/help-text.ts';
import { writeManPage } from '../src/cli/man-page.ts';
import { describeVerbs } from '../src/cli/verb.ts';
import { root } from './house.ts';
import { Muster } from './muster.ts';

const verbs = await describeVerbs();
const has = (program: string): boolean => !spawnSync(program, ['--version']).error;

test('every command is described: what it does, its flags, and what they take', () => {
  for (const { name, summary, flags, actions = [] } of verbs) {
    for (const said of [summary, ...actions.map((action) => action.summary)])
      expect(said, name).not.toMatch(/[.]$|^$/);
    for (const each of [flags, ...actions.map((action) => action.flags ?? {})])
      for (const [flag, { type, value, text }] of Object.entries(each)) {
        expect(text, `${name} --${flag}`).not.toBe('');
        expect(value !== undefined, `${name} --${flag}`).toBe(type === 'string');
      }
  }
});

test('what is described is what parseArgs takes', () => {
  for (const { flags, actions = [] } of verbs)
    for (const own of [{}, ...actions.map((action) => action.flags ?? {})]) {
      const all = { ...flags, ...own };
      const args = Object.entries(all).flatMap(([name, flag]) => {
        const [written = ''] = writeFlag(name, flag).split(' ');
        return flag.type === 'string' ? [`${written}=x`] : [written];
      });
      const { values } = parseArgs({ args, options: all, allowNegative: true });
      expect(Object.keys(values).sort()).toEqual(Object.keys(all).sort());
    }
});

test('help fits into 80 columns and says everything once', () => {
  for (const verb of verbs) {
    const help = writeHelp(verb);
    const wide = help.split('\n').filter((line) => line.length > 80);
    expect(wide.filter((line) => !/^ {2}muster /.test(line))).toEqual([]);
    for (const [name, flag] of Object.entries(verb.flags))
      expect(help).toContain(writeFlag(name, flag));
    for (const { name } of verb.actions ?? [])
      expect(help).toContain(`muster ${verb.name} ${name}`);
  }
  for (const { name } of verbs) expect(writeOverview(verbs)).toContain(`  muster ${name}`);
});

test('the manual page in docs is the one that is described', () => {
  expect(
    readFileSync(join(root, 'docs/muster.1'), 'utf8') === writeManPage(verbs),
    'make it anew: node bin/muster.js help --man > docs/muster.1',
  ).toBe(true);
});

test('names every variable of the environment that is read', () => {
  const read = readFileSync(join(root, 'src/cli/environment.ts'), 'utf8');
  const named = [...read.matchAll(/of\('((?:MUSTER_|NO_)[A-Z_]+)'\)/g)].map((match) => match[1]);
  expect(Object.keys(variables).sort()).toEqual([...new Set(named)].sort());
});

test('the manual page is roff without a warning', () => {
  const page = join(root, 'docs/muster.1');
  const requests = new Set(readFileSync(page, 'utf8').match(/^[.'](?:\S+)?/gm));
  const known = ['.TH', '.SH', '.SS', '.TP', '.PP', '.RS', '.RE', '.nf', '.fi', '.\\"'];
  expect([...requests].filter((request) => !known.includes(request))).toEqual([]);
  if (!has('groff')) return;
  const { stdout, stderr, status } = spawnSync('groff', ['-man', '-ww', '-Tutf8', page], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('User Commands');
});

test('completion knows commands, actions, flags and their words', async () => {
  const written: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((text: string, done: () => void) => {
    written.push(text);
    done();
    return true;
  }) as never;
  await complete(['bash'], async () => verbs).finally(() => {
    process.stdout.write = write;
  });
  const ask = (...words: string[]) => {
    const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _muster; echo "\${COMPREPLY[*]}"`;
    return spawnSync('bash', ['-c', `${written.join('')}\n${line}`], { encoding: 'utf8' });
  };
  expect(ask('muster', 'sess')).toMatchObject({ stdout: 'sessions\n', stderr: '' });
  expect(ask('muster', 'people', 're')).toMatchObject({ stdout: 'reactivate\n', stderr: '' });
  expect(ask('muster', 'people', 'erase', '--con').stdout).toBe('--confirm\n');
  expect(ask('muster', 'people', 'list', '--dry').stdout).toBe('\n');
  expect(ask('muster', 'people', 'list', '--state', 'in').stdout).toBe('inactive\n');
  expect(ask('muster', 'roll', '--trus').stdout).toBe('--trusted-proxy\n');
});

test('help for one action, and for none that there is', async () => {
  const help = async (...args: string[]) => {
    await using muster = new Muster(root, ['help', ...args]);
    return await muster.ended;
  };
  expect((await help('people', 'erase')).out).toMatch(/^muster people erase PERSON \[flags\]\n/);
  expect(await help('people', 'eat')).toMatchObject({ code: 64, out: '' });
  expect((await help('--man')).out).toMatch(/^\.\\" Made by/);
});
