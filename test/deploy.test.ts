import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { startFlags } from '../src/cli/start-flags.ts';
import { root } from './house.ts';

const read = (name: string): string => readFileSync(join(root, 'deploy', name), 'utf8');

/** What a shipped file gives to `muster start`, an argument each. */
const commands = {
  'muster@.service': () => {
    const command = /^ExecStart=([\s\S]*?[^\\])$/m.exec(read('muster@.service'))?.[1] ?? '';
    return command.replaceAll('\\\n', ' ').split(/\s+/);
  },
  Dockerfile: () => JSON.parse(/^CMD (\[.*\])$/m.exec(read('Dockerfile'))?.[1] ?? '[]') as string[],
  'compose.yaml': () => {
    const list = /^ {2}command:\n((?: {4}- .*\n)+)/m.exec(read('compose.yaml'))?.[1] ?? '';
    return list.split('\n').map((line) => line.replace(/^ {4}- /, ''));
  },
};

test.each(Object.entries(commands))('%s starts Muster with flags that there are', (_, command) => {
  const args = command();
  const from = args.indexOf('start');
  expect(from).toBeGreaterThanOrEqual(0);
  const { values } = parseArgs({
    args: args.slice(from + 1).filter((arg) => arg !== ''),
    options: startFlags,
    allowNegative: true,
    allowPositionals: false,
  });
  expect(values).toMatchObject({ 'https-port': 'off', 'day-files': 'off', open: false });
});

test.each(['nginx.conf', 'Caddyfile', 'muster@.service', 'Dockerfile', 'compose.yaml'])(
  '%s says in its first lines what of it was run',
  (name) => {
    const head = read(name).split('\n').slice(0, 12).join('\n');
    expect(head).toMatch(/^# (Run|Not run) here: /m);
  },
);
