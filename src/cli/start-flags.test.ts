import { parseArgs } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';
import { explainMisuse } from './failure.ts';
import { chooseStart, startFlags } from './start-flags.ts';

const choose = (...args: string[]) => chooseIn({ HOME: '/home/u' }, ...args);

function chooseIn(environment: Record<string, string>, ...args: string[]) {
  const { values } = parseArgs({ args, options: startFlags, allowNegative: true });
  return chooseStart(values, { ...readEnvironment(environment), platform: 'linux' });
}

const dayFolder = '/home/u/Documents/Muster attendance';

test('a user needs no flag', () => {
  expect(choose()).toMatchObject({
    host: '0.0.0.0',
    port: 8080,
    httpsPort: 8443,
    tls: null,
    open: true,
    dayFolder,
  });
});

describe('the bus between instances', () => {
  const server = ['--database', 'postgres://u@localhost/d'];

  test('is the database’s own unless another is named', () => {
    expect(choose(...server).bus).toBe('database');
    expect(choose(...server, '--bus', 'off').bus).toBe('none');
    const redis = 'rediss://:secret@bus.example.org:6380/2';
    expect(choose(...server, '--bus', redis).bus).toEqual({ redis });
  });

  test.each(['', 'redis', 'http://localhost', 'redis://'])('%j is none', (bus) => {
    expect(() => choose(...server, '--bus', bus)).toThrow('--bus (or MUSTER_BUS) takes');
  });

  test('has nobody to wake beside an embedded database', () => {
    expect(() => choose('--bus', 'redis://localhost')).toThrow('--bus is for several instances');
  });
});

describe('backups', () => {
  test('go beside the data, into a folder that is made', () => {
    expect(choose('--data', '/srv/school').backupFolder).toEqual({
      path: '/srv/school-backups',
      make: true,
    });
  });

  test('go where they are told, into a folder that has to be there, or nowhere', () => {
    const named = { path: '/mnt/disk', make: false };
    expect(choose('--backup-folder', '/mnt/disk').backupFolder).toEqual(named);
    expect(choose('--backup-folder', 'off').backupFolder).toBeNull();
    const server = ['--database', 'postgres://u@localhost/d'];
    expect(choose(...server).backupFolder).toBeNull();
    expect(choose(...server, '--backup-folder', '/mnt/disk').backupFolder).toEqual(named);
    const environment = { HOME: '/home/u', MUSTER_BACKUP_FOLDER: '/mnt/disk' };
    expect(chooseIn(environment).backupFolder).toEqual(named);
    expect(chooseIn(environment, '--backup-folder', 'off').backupFolder).toBeNull();
  });

  test.each([
    ['/d', 'data folder'],
    ['/d/backups', 'data folder'],
    ['/k', 'among the keys'],
    ['/k/backups', 'among the keys'],
  ])('never lie in %s', (folder, where) => {
    expect(() => choose('--data', '/d', '--keys', '/k', '--backup-folder', folder)).toThrow(where);
  });
});

describe('day files', () => {
  test.each([
    [['--data', '/d']],
    [['--tls-cert', 'c', '--tls-key', 'k']],
    [['--public-origin', 'https://muster.example.org']],
    [['--trusted-proxy', '10.0.0.1']],
    [['--day-files', 'off']],
  ])('are off with %s', (args) => {
    expect(choose(...args).dayFolder).toBeNull();
  });

  test('are on wherever a folder is named', () => {
    expect(choose('--data', '/d', '--day-files', '/files').dayFolder).toBe('/files');
  });

  test('never lie in the data folder', () => {
    expect(() => choose('--data', '/d', '--day-files', '/d/files')).toThrow(
      /must not lie in the data folder/,
    );
  });
});

test.each([
  [['--port', '80a'], /--port takes a number/],
  [['--port', '65536'], /--port takes a number/],
  [['--https-port', '-1'], /https-port/],
  [['--tls-cert', 'c'], /given together/],
  [['--public-origin', 'muster.example.org'], /--public-origin takes an address/],
  [['--public-origin', 'https://a.example/path'], /--public-origin takes an address/],
  [['--frob'], /^Unknown option '--frob'\.$/],
  [['extra'], /^Unexpected argument 'extra'\.$/],
])('%s is a misuse, in one sentence', (args, sentence) => {
  try {
    choose(...args);
    expect.unreachable();
  } catch (error) {
    const misuse = explainMisuse(error);
    expect(misuse).toMatch(sentence);
    expect(misuse).not.toContain('\n');
  }
});

test('HTTPS can be left to a proxy', () => {
  expect(choose('--https-port', 'off').httpsPort).toBeNull();
});
