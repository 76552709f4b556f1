import { describe, expect, test } from 'vitest';
import type { Instant, StreamName } from '../core/brand.ts';
import {
  judgeBackup,
  judgeBackupFolder,
  judgeCertificate,
  judgeClock,
  judgeDisk,
  judgeKeys,
  judgeLedger,
  judgeMail,
  judgePaper,
} from './diagnosis.ts';

const now = Date.parse('2026-11-23T08:00:00Z');
const dayMs = 24 * 3_600_000;

describe('what muster doctor makes of', () => {
  test.each([
    [50e6, 'bad'],
    [500e6, 'warn'],
    [5e9, 'ok'],
  ])('a disk with %d bytes free is %s', (free, level) => {
    expect(judgeDisk(free, '/data').level).toBe(level);
  });

  test.each([
    [-1, 'bad'],
    [0.5, 'warn'],
    [13.9, 'warn'],
    [14, 'ok'],
  ])('a certificate that ends in %d days is %s', (days, level) => {
    expect(judgeCertificate(now + days * dayMs, now, true).level).toBe(level);
  });

  test('keys on paper is nothing, unless they are out of date', () => {
    const at = now as Instant;
    expect([...judgePaper(null), ...judgePaper({ at, outdatedAt: null })]).toEqual([]);
    const told = judgePaper({ at, outdatedAt: (now + dayMs) as Instant });
    expect(told).toMatchObject([{ level: 'warn', check: 'recovery' }]);
    expect(told[0]?.says).toContain('of 2026-11-23T08:00:00.000Z is out of date since 2026-11-24');
  });

  test('a certificate of somebody else is not made anew by a start', () => {
    expect(judgeCertificate(now, now, true).todo).toContain('makes a new one');
    expect(judgeCertificate(now, now, false).todo).toContain('whoever signed it');
  });

  test.each([
    [0, 'ok'],
    [2.9, 'ok'],
    [3, 'warn'],
    [30, 'bad'],
  ])('a newest backup %d days old is %s', (days, level) => {
    expect(judgeBackup(now - days * dayMs, 0, now).level).toBe(level);
  });

  test.each([
    ['folder-missing', 'bad'],
    ['folder-refused', 'bad'],
    ['no-room', 'bad'],
    ['failed', 'bad'],
    [null, 'ok'],
  ] as const)('a folder for backups with %s is %s', (problem, level) => {
    const found = judgeBackupFolder('/backups', problem, false);
    expect(found.level).toBe(level);
    expect(found.says).toContain('/backups');
    expect(found.todo === null).toBe(level === 'ok');
  });

  test('a folder for backups on the disk of the data is half a backup, and says so', () => {
    expect(judgeBackupFolder('/backups', null, true).says).toContain('half a backup');
  });

  test.each([
    [1, 'warn'],
    [30, 'bad'],
  ])('no backup in the %d days since it was begun is %s', (days, level) => {
    expect(judgeBackup(null, now - days * dayMs, now)).toMatchObject({
      level,
      says: 'No backup was ever made.',
    });
  });

  test('a clock that is behind what was recorded, or not the database server’s, is bad', () => {
    expect(judgeClock(now + 61_000, now, null).level).toBe('bad');
    expect(judgeClock(now + 59_000, now, 900).level).toBe('ok');
    expect(judgeClock(now, now, -1_500)).toMatchObject({
      level: 'bad',
      says: 'The clock is 1.5 s behind the database server’s.',
    });
    expect(judgeClock(null, now, null).level).toBe('ok');
  });

  test('keys that others may look at are something to be seen to, but not on Windows', () => {
    expect(judgeKeys(0o40_755, 'linux', '/keys').todo).toBe('Close it: chmod 700 /keys');
    expect(judgeKeys(0o40_700, 'linux', '/keys').level).toBe('ok');
    expect(judgeKeys(0o40_755, 'win32', '/keys').level).toBe('ok');
  });

  test('a stream with a wrong end is bad and named', () => {
    const wrong = ['people' as StreamName];
    expect(judgeLedger({ streams: 3, wrong, newestAt: now })).toMatchObject({
      level: 'bad',
      says: 'The end of a stream is not what was written: people.',
    });
    expect(judgeLedger({ streams: 3, wrong: [], newestAt: now }).level).toBe('ok');
  });

  test('mails that were given up or wait for long are something to be seen to', () => {
    expect([judgeMail(1, 0), judgeMail(0, 1), judgeMail(0, 0)].map(({ level }) => level)).toEqual([
      'warn',
      'warn',
      'ok',
    ]);
  });
});
