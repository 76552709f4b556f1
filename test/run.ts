// The one test command: every check in order, its output as it comes, one count at the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabases } from './engine/databases.ts';
import {
  addMissing,
  addReport,
  addStep,
  isRed,
  noTally,
  type Report,
  type Tally,
} from './tally.ts';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const biome = join(modules, '@biomejs/biome/bin/biome');
const steps: [name: string, script: string, args: string[]][] = [
  ['format', biome, ['check', '--linter-enabled=false', '.']],
  ['lint', biome, ['lint', '--error-on-warnings', '.']],
  ['types', join(modules, 'typescript/bin/tsc'), ['-b', '--pretty', 'false']],
  ['knip', join(modules, 'knip/bin/knip.js'), ['--no-progress']],
];
/** Of these there is one for each server that the run has. */
const onServers = { postgres: 'MUSTER_TEST_POSTGRES', mariadb: 'MUSTER_TEST_MARIADB' } as const;

function heading(name: string): void {
  process.stdout.write(`\n== ${name}\n`);
}

function run(script: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

async function runSteps(tally: Tally): Promise<Tally> {
  for (const [name, script, args] of steps) {
    heading(name);
    tally = addStep(tally, name, await run(script, args));
  }
  return tally;
}

async function runTests(tally: Tally, reports: string): Promise<Tally> {
  heading('databases');
  await using databases = await openDatabases();
  for (const line of databases.found) process.stdout.write(`${line}\n`);
  for (const sentence of databases.missing) process.stdout.write(`!! ${sentence}\n`);
  tally = addMissing(tally, databases.missing, Boolean(process.env.CI));
  const servers = Object.entries(onServers).filter(([, variable]) => process.env[variable]);
  const projects = [
    ...[['unit', 'web'], ['integration'], ['contract', ...servers.map(([name]) => name)]],
    ...[['e2e'], ['crash']],
  ];
  for (const names of projects) {
    const name = names.join(' + ');
    const file = join(reports, `${names[0]}.json`);
    heading(`${name} tests`);
    const code = await run(join(modules, 'vitest/vitest.mjs'), [
      'run',
      ...names.map((project) => `--project=${project}`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]);
    tally = addReport(tally, name, code, readReport(file));
  }
  return tally;
}

const reports = mkdtempSync(join(tmpdir(), 'muster-test-'));
try {
  const tally = await runTests(await runSteps(noTally), reports);
  heading(isRed(tally) ? 'red' : 'green');
  for (const complaint of tally.complaints) process.stdout.write(`${complaint}\n`);
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
  process.exitCode = isRed(tally) ? 1 : 0;
} finally {
  rmSync(reports, { recursive: true, force: true });
}
