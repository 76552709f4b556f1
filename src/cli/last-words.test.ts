import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

const secret = 'ada@example.org';

/** A process of its own that ends by what `fault` does. */
function endBy(fault: string) {
  const program = `
    import { logLastWords } from './src/cli/last-words.ts';
    import { openLog } from './src/cli/log.ts';
    logLastWords(openLog('.', false));
    const error = Object.assign(new Error('Key (email)=(${secret}) exists'), {
      code: '23505', severity: 'ERROR', detail: '${secret}',
    });
    setTimeout(() => {}, 60_000);
    ${fault}
  `;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module-typescript', '--eval', program],
    { encoding: 'utf8' },
  );
  return { status, stderr };
}

describe('a fault that nothing caught', () => {
  test.each([
    ['thrown', 'setTimeout(() => { throw error; }, 1);'],
    ['a rejection', 'void Promise.reject(error);'],
  ])('%s: ends the process, and is logged without what it carries', (_, fault) => {
    const { status, stderr } = endBy(fault);
    expect(status).toBe(1);
    expect(stderr).not.toContain(secret);
    const line = stderr.split('\n').find((text) => text.startsWith('{')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      level: 60,
      msg: 'ended by a fault',
      err: { name: 'Error', code: '23505', stack: expect.stringContaining('at ') },
    });
  });
});
