import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LocalDate } from '../core/brand.ts';
import { DayFileFolder } from './day-file-folder.ts';

test.skipIf(process.platform === 'win32')(
  'a link laid in the way is replaced, never followed',
  async () => {
    const base = await mkdtemp(join(tmpdir(), 'muster-day-'));
    try {
      const folder = new DayFileFolder(join(base, 'days'));
      const date = '2026-11-23' as LocalDate;
      await folder.write(date, 'first');
      const victim = join(base, 'victim');
      await writeFile(victim, 'mine');
      await symlink(victim, join(folder.path, `.attendance_${date}.csv.${process.pid}.part`));
      await folder.write(date, 'second');
      await rm(folder.file(date));
      await symlink(victim, folder.file(date));
      await folder.write(date, 'third');
      expect(await readFile(victim, 'utf8')).toBe('mine');
      expect(await readFile(folder.file(date), 'utf8')).toBe('third');
      expect(await readdir(folder.path)).toEqual([`attendance_${date}.csv`]);
    } finally {
      await rm(base, { recursive: true });
    }
  },
);
