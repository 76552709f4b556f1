import { readFileSync } from 'node:fs';

/**
 * Something that a later process with the same id does not have: on Linux the moment the process started, in ticks
 * since the machine did. Null where the system does not tell.
 */
export function processMark(pid: number): string | null {
  return readStat(pid)?.[19] ?? null;
}

/** What the system tells of a process, from its state on; null where there is none, or the system does not tell. */
function readStat(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name in parentheses may hold spaces; what follows is counted from its end
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Whether the process that was marked so still runs; one that ended and that its parent has not fetched does not. */
export function isRunning(pid: number, mark: string | null): boolean {
  if (pid === process.pid) return mark === processMark(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const stat = readStat(pid);
  if (stat?.[0] === 'Z') return false;
  const found = stat?.[19] ?? null;
  return mark === null || found === null || mark === found;
}
