// The `muster` command in this process: quick, for tests of what it says. `muster.ts` has the real one.
import { main } from '../src/cli/main.ts';
import type { Outcome } from './muster.ts';

type Write = typeof process.stdout.write;

/** Runs a command; nothing else may write meanwhile. */
export async function command(args: readonly string[]): Promise<Outcome> {
  const outcome = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    ((text: string, done?: () => void) => {
      outcome[name] += text;
      done?.();
      return true;
    }) as Write;
  const { stdout, stderr } = process;
  const before = { out: stdout.write, err: stderr.write, heard: stdout.listeners('error') };
  stdout.write = into('out');
  stderr.write = into('err');
  try {
    const code = await main(args);
    return { code, ...outcome };
  } finally {
    stdout.write = before.out;
    stderr.write = before.err;
    for (const listener of stdout.listeners('error'))
      if (!before.heard.includes(listener)) stdout.off('error', listener as () => void);
  }
}
