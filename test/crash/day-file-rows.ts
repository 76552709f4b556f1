import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { zone } from './hall.ts';
import type { CheckedIn } from './ledger-audit.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: zone });
const day = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: zone });

/** A line as it must stand in a day file, with the file's name; names that look like a formula are made harmless. */
const line = (file: string, roll: string, name: string, time: string) =>
  JSON.stringify([file, roll, name, time]);

/** What the folder holds, a line for each row of each file; throws where anything else lies there. */
export async function readDayFolder(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const file of await readdir(folder)) {
    if (!/^attendance_[\d-]{10}\.csv$/.test(file)) throw new Error(`${file} was left behind`);
    const text = await readFile(join(folder, file), 'utf8');
    const [header, ...rows] = parse(text, { bom: true }) as [string, string, string][];
    if (String(header) !== 'Roll,Name,Time') throw new Error(`${file} begins with ${header}`);
    for (const [roll, name, time] of rows) lines.push(line(file, roll, name, time));
  }
  return lines.sort();
}

/** What the folder must hold by the records. */
export function deriveDayLines(checkIns: readonly CheckedIn[]): string[] {
  return checkIns
    .flatMap(({ number, name, record }) => {
      if (record?.status !== 'present' || record.at === null) return [];
      const shown = name.startsWith('=') ? `'${name}` : name;
      const file = `attendance_${day.format(record.at)}.csv`;
      return [line(file, number, shown, clock.format(record.at))];
    })
    .sort();
}
