import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';
import { chooseWatch, watchFlags } from './watch-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const token = 'x7Jc0Yt2mQp8Rk4w';

function choose(args: string[], environment: Record<string, string> = {}, onServer = true) {
  const { values } = parseArgs({ args, options: watchFlags, allowNegative: true });
  return chooseWatch(values, readEnvironment(environment), onServer);
}

describe('how a server is watched', () => {
  test('beside an embedded database nothing is logged and nobody is waited for', () => {
    expect(choose([], {}, false)).toEqual({ drainMs: 0, logRequests: false, metricsToken: null });
  });

  test('on a database server every request is logged, and a load balancer has five seconds', () => {
    expect(choose([])).toEqual({ drainMs: 5_000, logRequests: true, metricsToken: null });
  });

  test('a flag counts before the environment', () => {
    const environment = { MUSTER_DRAIN: '20', MUSTER_LOG_REQUESTS: 'on' };
    expect(choose([], environment, false)).toMatchObject({ drainMs: 20_000, logRequests: true });
    expect(choose(['--drain', '0.5', '--no-log-requests'], environment)).toMatchObject({
      drainMs: 500,
      logRequests: false,
    });
    expect(choose([], { MUSTER_LOG_REQUESTS: '0' }).logRequests).toBe(false);
  });

  test.each(['', '-1', '5s', '601', '1e3'])('%j seconds of draining are none', (text) => {
    expect(() => choose([`--drain=${text}`])).toThrow('--drain (or MUSTER_DRAIN) takes seconds');
  });

  test('a switch is on or off', () => {
    expect(() => choose([], { MUSTER_LOG_REQUESTS: 'maybe' })).toThrow('takes on or off');
  });

  test('the token for the metrics comes from the environment, or from a file', () => {
    const file = join(folder, 'token');
    writeFileSync(file, `${token}\n`);
    expect(choose([], { MUSTER_METRICS_TOKEN: token }).metricsToken).toBe(token);
    expect(choose([], { MUSTER_METRICS_TOKEN_FILE: file }).metricsToken).toBe(token);
  });

  test.each([
    ['a short one', 'secret'],
    ['one with blanks', 'a b c d e f g h i j k'],
    ['none', ' '],
  ])('%s is no token, and is not repeated in the sentence', (_, text) => {
    let sentence = '';
    try {
      choose([], { MUSTER_METRICS_TOKEN: text });
    } catch (error) {
      sentence = (error as Error).message;
    }
    expect(sentence).toContain('MUSTER_METRICS_TOKEN does not hold a token');
    if (text.trim() !== '') expect(sentence).not.toContain(text);
  });

  test('a token file that is not there is said', () => {
    const missing = join(folder, 'missing');
    expect(() => choose([], { MUSTER_METRICS_TOKEN_FILE: missing })).toThrow(
      `The token in ${missing} (MUSTER_METRICS_TOKEN_FILE) cannot be read (ENOENT).`,
    );
  });
});
