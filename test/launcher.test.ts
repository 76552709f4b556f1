import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './house.ts';

const asNode20 = `data:text/javascript,${encodeURIComponent(
  `Object.defineProperty(process.versions, 'node', { value: '20.0.0' })`,
)}`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-launcher-'));
  write('package.json', '{ "type": "module" }');
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, content: string): string {
  const path = join(folder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function writeMain(body: string): void {
  write(
    'src/cli/main.ts',
    `export async function main(argv: string[]): Promise<number> {\n${body}\n}\n`,
  );
}

function launch(nodeArgs: string[], ...args: string[]): ChildProcess {
  const launcher = join(folder, 'bin/muster.js');
  return spawn(process.execPath, [...nodeArgs, launcher, ...args], { stdio: 'pipe' });
}

async function outcome(child: ChildProcess) {
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const [code, out, err] = await Promise.all([ended, text(child.stdout!), text(child.stderr!)]);
  return { code, out, err };
}

test('runs the command on this Node and answers with its exit code', async () => {
  writeMain('process.stdout.write(argv.join("|"));\nreturn 3;');
  expect(await outcome(launch([], 'roll', 'a b'))).toEqual({ code: 3, out: 'roll|a b', err: '' });
});

test('says what to install when the packages are missing', async () => {
  write('src/cli/main.ts', "import 'not-installed';\n");
  const { code, out, err } = await outcome(launch([]));
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toBe(
    `Muster's package not-installed is not installed: run \`npm install\` in ${folder}.\n`,
  );
});

test('on an old Node without a copy of its own says so in one sentence', async () => {
  writeMain('return 0;');
  const { code, err } = await outcome(launch(['--import', asNode20]));
  expect(code).toBe(1);
  expect(err).toMatch(/^Muster needs Node\.js 26 or newer \(this is 20\.0\.0\).*\n$/);
});

test('on an old Node starts its own copy, passes signals on and the exit code back', async () => {
  const own = write(
    'node_modules/.bin/node',
    `#!/bin/sh\ntrap 'exit 7' TERM\ntrap 'exit 8' INT\necho ready\nwhile :; do sleep 0.05; done\n`,
  );
  chmodSync(own, 0o755);
  for (const [signal, code] of [
    ['SIGTERM', 7],
    ['SIGINT', 8],
  ] as const) {
    const child = launch(['--import', asNode20], 'start');
    child.stdout?.once('data', () => child.kill(signal));
    expect(await outcome(child)).toEqual({ code, out: 'ready\n', err: '' });
  }
});
