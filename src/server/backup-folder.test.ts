import { expect, test } from 'vitest';
import { BackupError } from '../store/backup-error.ts';
import { FolderError } from '../store/installation.ts';
import { checkBackupFolder, nameProblem } from './backup-folder.ts';

const ofSystem = (code: string) => Object.assign(new Error(code), { code, syscall: 'write' });

test.each([
  ['ENOENT', 'folder-missing'],
  ['EROFS', 'folder-refused'],
  ['ENOSPC', 'no-room'],
  ['EDQUOT', 'no-room'],
  ['EIO', 'failed'],
])('%s is %s, also where it is behind the sentence', (code, problem) => {
  expect(nameProblem(ofSystem(code))).toBe(problem);
  expect(nameProblem(new BackupError('No backup.', { cause: ofSystem(code) }))).toBe(problem);
});

test('what the system did not say is a failure of its own', () => {
  expect(nameProblem(new BackupError('The database does not answer.'))).toBe('failed');
});

test('a folder among data or keys is refused, one whose name begins alike is not', () => {
  for (const folder of ['/srv/data', '/srv/data/backups', '/srv/keys', '/srv/keys/1/backups']) {
    expect(() => checkBackupFolder(folder, '/srv/data', '/srv/keys')).toThrow(FolderError);
  }
  for (const folder of ['/srv', '/srv/data-backups', '/srv/backups']) {
    expect(() => checkBackupFolder(folder, '/srv/data', '/srv/keys')).not.toThrow();
  }
});
