import { readFile } from 'node:fs/promises';
import { works } from './linux-only.ts';

/** strace, installed where that is possible; else an error that says what to install. */
function findStrace(): string {
  if (!works('strace', '-V') && process.getuid?.() === 0) {
    if (!works('apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'strace')) {
      works('apt-get', 'update', '-qq');
      works('apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'strace');
    }
  }
  if (works('strace', '-V')) return 'strace';
  throw new Error('This test watches system calls: install strace (apt-get install strace).');
}

/** The command line under which a process's syncs and writes are written down, as the kernel sees them. */
export const traceTo = (file: string): string[] => [
  findStrace(),
  ...['-f', '-yy', '-ttt', '-s', '4096', '-e', 'signal=none', '-o', file],
  ...['-e', 'trace=fdatasync,fsync,write,writev,pwrite64,pwritev,sendto,sendmsg'],
];

/** One system call. Places are lines of the trace: what ended on a lower line than another began came before it. */
export interface Syscall {
  readonly name: string;
  /** What the first argument, a file descriptor, stands for: a path, or a connection. */
  readonly target: string;
  /** The arguments as strace shows them. */
  readonly text: string;
  readonly begin: number;
  /** Infinity where it never returned. */
  readonly end: number;
  /** What it returned; null where it never did. */
  readonly result: number | null;
}

const whole = /^(\d+) +[\d.]+ (\w+)\((.*)\) += (-?\d+)/s;
const begun = /^(\d+) +[\d.]+ (\w+)\((.*) <unfinished \.\.\.>$/s;
const resumed = /^(\d+) +[\d.]+ <\.\.\. (\w+) resumed>.*\) += (-?\d+)/s;
const descriptor = /^\d+<(.*?)>(?:\(deleted\))?(?:, |$)/s;

export function parseTrace(trace: string): Syscall[] {
  const calls: Syscall[] = [];
  const open = new Map<string, number>();
  for (const [place, line] of trace.split('\n').entries()) {
    const [, thread = '', name = '', text = '', result = null] =
      whole.exec(line) ?? begun.exec(line) ?? [];
    if (name) {
      const target = descriptor.exec(text)?.[1] ?? '';
      if (result === null) open.set(thread, calls.length);
      const end = result === null ? Number.POSITIVE_INFINITY : place;
      calls.push({
        name,
        target,
        text,
        begin: place,
        end,
        result: result === null ? null : Number(result),
      });
      continue;
    }
    const [, back = '', , returned] = resumed.exec(line) ?? [];
    const index = open.get(back);
    if (index === undefined) continue;
    open.delete(back);
    calls[index] = { ...(calls[index] as Syscall), end: place, result: Number(returned) };
  }
  return calls;
}

export const readTrace = async (file: string): Promise<Syscall[]> =>
  parseTrace(await readFile(file, 'utf8'));
