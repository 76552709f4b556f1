import { mkdir, open, readdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { LocalDate } from '../core/brand.ts';
import { FolderError } from '../store/installation.ts';
import { dayFileName } from './day-file.ts';

/**
 * Refuses a folder for day files that lies in the data folder.
 * @throws FolderError
 */
export function checkDayFolder(dayFolder: string, dataFolder: string): void {
  if (!isInside(dayFolder, dataFolder)) return;
  throw new FolderError(
    `Day files are readable by anybody, so their folder ${dayFolder} must not lie in the data folder ${dataFolder}. Choose another with --day-files FOLDER.`,
  );
}

function isInside(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== '..');
}

const temporary = /^\.attendance_\d{4}-\d{2}-\d{2}\.csv\.\d+\.part$/;
const dayFile = /^attendance_(\d{4}-\d{2}-\d{2})\.csv$/;

/** The folder of day files: readers find each file whole, the old one or the new one. */
export class DayFileFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(date: LocalDate): string {
    return join(this.path, dayFileName(date));
  }

  /** Dates that have a file, with the time of its last change; clears away what a crash left half written. */
  async list(): Promise<Map<LocalDate, number>> {
    const names = await readdir(this.path).catch(() => []);
    const dates = new Map<LocalDate, number>();
    for (const name of names) {
      const found = dayFile.exec(name);
      if (temporary.test(name)) await unlink(join(this.path, name)).catch(() => {});
      if (!found) continue;
      const { mtimeMs } = await stat(join(this.path, name)).catch(() => ({ mtimeMs: 0 }));
      dates.set(found[1] as LocalDate, mtimeMs);
    }
    return dates;
  }

  /**
   * Puts a file in place at once (beside it, synced, renamed). One that says the same already stays, as new.
   * @throws the system's error: EBUSY, EPERM, EACCES where another program holds the file
   */
  async write(date: LocalDate, text: string): Promise<void> {
    const path = this.file(date);
    const bytes = Buffer.from(text, 'utf8');
    const old = await readFile(path).catch(() => null);
    if (old?.equals(bytes)) {
      const time = new Date();
      await utimes(path, time, time).catch(() => {});
      return;
    }
    await mkdir(this.path, { recursive: true });
    const beside = join(this.path, `.${dayFileName(date)}.${process.pid}.part`);
    try {
      // whatever was put there under this name, a link above all, is not written through
      await unlink(beside).catch(() => {});
      const handle = await open(beside, 'wx');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, path);
    } catch (error) {
      await unlink(beside).catch(() => {});
      throw error;
    }
  }
}
