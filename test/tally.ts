/** What one vitest run says of itself (the parts of its JSON reporter that count here). */
export interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: Assertion[] }[];
}

interface Assertion {
  status: string;
  fullName: string;
  failureMessages?: string[];
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly complaints: readonly string[];
}

const linesOfCause = 30;

export const noTally: Tally = { passed: 0, failed: 0, complaints: [] };

/** A failed format, lint or type step counts as one failure. */
export function addStep(tally: Tally, name: string, exitCode: number): Tally {
  return exitCode === 0 ? tally : complain(tally, `${name} failed`, 1);
}

/** What was not tested for want of something is said; `strict` makes each a failure. */
export function addMissing(tally: Tally, sentences: readonly string[], strict: boolean): Tally {
  return sentences.reduce((before, sentence) => complain(before, sentence, strict ? 1 : 0), tally);
}

/** Nothing passes by not running: no report, no tests and skipped tests are failures. */
export function addReport(
  tally: Tally,
  name: string,
  exitCode: number,
  report: Report | undefined,
): Tally {
  if (!report) return complain(tally, `${name} tests left no report`, 1);
  const before = tally.failed;
  const brokenFiles = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const skipped = report.numPendingTests + report.numTodoTests;
  let after: Tally = { ...tally, passed: tally.passed + report.numPassedTests };
  if (report.numFailedTests > 0)
    after = complain(
      after,
      [`${name}: ${report.numFailedTests} failed`, ...failuresOf(report)].join('\n'),
      report.numFailedTests,
    );
  for (const file of brokenFiles) after = complain(after, `${file.name} did not run`, 1);
  if (skipped > 0) after = complain(after, `${name}: ${skipped} skipped`, skipped);
  if (report.numPassedTests + report.numFailedTests === 0)
    after = complain(after, `${name}: no test ran`, 1);
  if (exitCode !== 0 && after.failed === before)
    after = complain(after, `${name} tests ended with an error`, 1);
  return after;
}

/** Whoever sees only the end of a long run still reads which test failed, and of what. */
function failuresOf(report: Report): string[] {
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => {
        const why = (test.failureMessages ?? []).join('\n').split('\n').slice(0, linesOfCause);
        return [`${file.name}: ${test.fullName}`, ...why.map((line) => `    ${line}`)].join('\n');
      }),
  );
}

export function isRed(tally: Tally): boolean {
  return tally.failed > 0 || tally.passed === 0;
}

function complain(tally: Tally, complaint: string, failures: number): Tally {
  return {
    ...tally,
    failed: tally.failed + failures,
    complaints: [...tally.complaints, complaint],
  };
}
