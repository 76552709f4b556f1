import { expect, test } from 'vitest';
import { addMissing, addReport, addStep, isRed, noTally, type Report } from './tally.ts';

function reportOf(changes: Partial<Report>): Report {
  return {
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...changes,
  };
}

test('a clean run is green and counts its tests', () => {
  const tally = addReport(addStep(noTally, 'lint', 0), 'unit', 0, reportOf({}));
  expect(tally).toEqual({ passed: 3, failed: 0, complaints: [] });
  expect(isRed(tally)).toBe(false);
});

test('what could not be tested is said, and red where nothing may be missing', () => {
  const green = addReport(noTally, 'unit', 0, reportOf({}));
  const said = addMissing(green, ['MariaDB was not tested.'], false);
  expect(said).toEqual({ passed: 3, failed: 0, complaints: ['MariaDB was not tested.'] });
  expect(isRed(said)).toBe(false);
  const strict = addMissing(green, ['MariaDB was not tested.'], true);
  expect(strict).toEqual({ passed: 3, failed: 1, complaints: ['MariaDB was not tested.'] });
  expect(addMissing(green, [], true)).toEqual(green);
});

test('a run without any test is red', () => {
  expect(isRed(noTally)).toBe(true);
  expect(addReport(noTally, 'e2e', 0, reportOf({ numPassedTests: 0 })).failed).toBe(1);
});

test.each<[string, number, Report | undefined]>([
  ['no report', 1, undefined],
  ['a failed test', 1, reportOf({ numFailedTests: 1 })],
  ['a skipped test', 0, reportOf({ numPendingTests: 1 })],
  ['a test still to be written', 0, reportOf({ numTodoTests: 1 })],
  ['an error outside the tests', 1, reportOf({})],
  [
    'a file that does not load',
    1,
    reportOf({ testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }] }),
  ],
])('%s is one failure', (_name, exitCode, report) => {
  const tally = addReport(addReport(noTally, 'unit', 0, reportOf({})), 'e2e', exitCode, report);
  expect(tally.failed).toBe(1);
  expect(tally.complaints).toHaveLength(1);
  expect(isRed(tally)).toBe(true);
});

test('the end of a run names each test that failed, with its cause', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'roll is taken' },
    { status: 'failed', fullName: 'roll is kept', failureMessages: ['expected 2\nto be 3'] },
  ];
  const report = reportOf({
    numFailedTests: 1,
    testResults: [{ name: 'roll.test.ts', status: 'failed', assertionResults }],
  });
  expect(addReport(noTally, 'integration', 1, report).complaints).toEqual([
    'integration: 1 failed\nroll.test.ts: roll is kept\n    expected 2\n    to be 3',
  ]);
});

test('a failed step is one failure', () => {
  expect(addStep(noTally, 'types', 2)).toMatchObject({ failed: 1, complaints: ['types failed'] });
});
