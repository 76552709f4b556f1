// The one command for the faults: real servers, a rush of check-ins, a table. The last line is the rows as JSON.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addReport, isRed, noTally, type Report } from '../tally.ts';
import { type FaultRow, readRows, rowsVariable } from './fault-row.ts';
import { listMissingPrograms } from './program.ts';

const missing = listMissingPrograms();
if (missing.length > 0) {
  process.stderr.write(`\nTHE CLUSTER TESTS CANNOT RUN HERE:\n${missing.join('\n')}\n\n`);
  process.exit(1);
}
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'muster-cluster-run-'));
const rowsFile = join(folder, 'rows');
const reportFile = join(folder, 'report.json');

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param only files to run, all where none is named */
function runVitest(only: readonly string[]): Promise<number> {
  const args = ['run', '--project=cluster', '--reporter=default', '--reporter=json'];
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...args,
      `--outputFile.json=${reportFile}`,
      ...only,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, [rowsVariable]: rowsFile },
    },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

function printTable(rows: readonly FaultRow[]): void {
  const head = ['fault', 'acknowledged', 'found', 'doubled', 'longest time without service'];
  const lines = rows.map(({ fault, acknowledged, found, doubled, gapMs }) => [
    fault,
    ...[acknowledged, found, doubled].map(String),
    `${(gapMs / 1_000).toFixed(1)} s`,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of [head, ...lines]) {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${cells.join('  ')}\n`);
  }
}

try {
  const code = await runVitest(process.argv.slice(2));
  const text = read(reportFile);
  const report = text === '' ? undefined : (JSON.parse(text) as Report);
  const tally = addReport(noTally, 'cluster', code, report);
  const rows = readRows(read(rowsFile));
  const isHarmed = rows.some(({ lost, doubled }) => lost > 0 || doubled > 0);
  process.stdout.write('\n');
  for (const complaint of tally.complaints) process.stdout.write(`${complaint}\n`);
  process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n\n`);
  printTable(rows);
  process.stdout.write(
    `${JSON.stringify({
      rows: rows.map(({ fault, acknowledged, lost, doubled, gapMs }) => ({
        ...{ fault, acknowledged, lost, doubled, gapMs },
      })),
    })}\n`,
  );
  process.exitCode = isRed(tally) || isHarmed ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
