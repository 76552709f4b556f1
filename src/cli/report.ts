import { readEnvironment } from './environment.ts';
import { explain, explainMisuse } from './failure.ts';
import { findVerb } from './verb.ts';

/** Says on stderr what went wrong, in one sentence, and gives the exit code: 2 for a command written wrongly, else 1. */
export function report(error: unknown, verb: string): number {
  const misuse = explainMisuse(error);
  if (misuse !== null) {
    const help = findVerb(verb) ? `muster help ${verb}` : 'muster help';
    process.stderr.write(`${misuse} See: ${help}\n`);
    return 2;
  }
  const sentence = explain(error);
  process.stderr.write(`${sentence ?? surprise(error)}\n`);
  return 1;
}

function surprise(error: unknown): string {
  if (readEnvironment().debug) return error instanceof Error ? (error.stack ?? '') : String(error);
  const what = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return `Muster met an error it does not know: ${what} (MUSTER_DEBUG=1 shows where it came from).`;
}
