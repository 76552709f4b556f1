import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderError } from '../store/installation.ts';
import { KeyError } from '../store/key-folder.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { findFolders, openHere } from './folders.ts';
import { defaultDayFolder } from './places.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-folders-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const on = (platform: string, more: Partial<Environment> = {}): Environment => ({
  ...readEnvironment({ HOME: home }),
  platform,
  ...more,
});

describe('without flags', () => {
  test.each([
    ['linux', {}, '.local/share/muster', '.config/muster/keys/ID'],
    [
      'darwin',
      {},
      'Library/Application Support/Muster',
      'Library/Application Support/Muster keys/ID',
    ],
    ['win32', {}, 'AppData/Local/Muster', 'AppData/Roaming/Muster keys/ID'],
  ])(
    '%s keeps data and keys where that platform keeps such things, and apart',
    (platform, more, data, keys) => {
      const folders = findFolders({}, on(platform, more));
      expect(folders.data).toBe(join(home, data));
      expect(folders.keysFor('ID')).toBe(join(home, keys));
      expect(folders.isDefault).toBe(true);
    },
  );

  test('the XDG folders count on Linux', () => {
    const more = { xdgDataHome: '/x/data', xdgConfigHome: '/x/config' };
    const folders = findFolders({}, on('linux', more));
    expect([folders.data, folders.keysFor('ID')]).toEqual([
      '/x/data/muster',
      '/x/config/muster/keys/ID',
    ]);
  });

  test('day files go to the documents folder, by whatever name the desktop gives it', () => {
    expect(defaultDayFolder(on('linux'))).toBe(join(home, 'Documents/Muster attendance'));
    mkdirSync(join(home, '.config'));
    writeFileSync(
      join(home, '.config/user-dirs.dirs'),
      '# comment\nXDG_DOCUMENTS_DIR="$HOME/Dokumente"\n',
    );
    expect(defaultDayFolder(on('linux'))).toBe(join(home, 'Dokumente/Muster attendance'));
    expect(defaultDayFolder(on('darwin'))).toBe(join(home, 'Documents/Muster attendance'));
    expect(defaultDayFolder(on('linux', { xdgDocuments: '/docs' }))).toBe(
      '/docs/Muster attendance',
    );
  });
});

test('a flag counts before the environment, and says that the folder is not the default one', () => {
  const environment = on('linux', { data: '/env/data', keys: '/env/keys' });
  const byEnvironment = findFolders({}, environment);
  expect([byEnvironment.data, byEnvironment.keysFor('ID')]).toEqual(['/env/data', '/env/keys']);
  const byFlag = findFolders({ data: '/flag/data', keys: '/flag/keys' }, environment);
  expect([byFlag.data, byFlag.keysFor('ID')]).toEqual(['/flag/data', '/flag/keys']);
  expect(byFlag.isDefault).toBe(false);
});

test.each([['/d'], ['/d/keys'], ['/d/a/../b']])(
  'keys in the data folder (%s) are refused',
  (keys) => {
    expect(() => findFolders({ data: '/d', keys }, on('linux'))).toThrow(FolderError);
    expect(() => findFolders({ data: '/d', keys: '/data' }, on('linux'))).not.toThrow();
  },
);

describe('the master key of the environment', () => {
  const key = Buffer.alloc(32, 5).toString('base64');

  test('is taken as base64, from a variable or a file', () => {
    expect(findFolders({}, on('linux', { masterKey: key })).masterKey).toEqual(Buffer.alloc(32, 5));
    writeFileSync(join(home, 'key'), `${key}\n`);
    const { masterKey } = findFolders({}, on('linux', { masterKeyFile: join(home, 'key') }));
    expect(masterKey).toEqual(Buffer.alloc(32, 5));
  });

  test.each(['x', key.slice(0, -4), `${key}AAAA`, '*'.repeat(44)])(
    'is refused where it is none: %s',
    (masterKey) => {
      expect(() => findFolders({}, on('linux', { masterKey }))).toThrow(KeyError);
    },
  );

  test('is refused where its file cannot be read', () => {
    expect(() => findFolders({}, on('linux', { masterKeyFile: join(home, 'none') }))).toThrow(
      /ENOENT/,
    );
  });
});

test('opening for a verb never makes data', async () => {
  const choice = { data: join(home, 'd'), keys: join(home, 'k') };
  await expect(openHere(choice)).rejects.toThrow(/^There are no data of Muster in/);
});
