import { readEnvironment } from './environment.ts';
import { explain, explainMisuse, Refused } from './failure.ts';
import { findVerb } from './verb.ts';

interface Asked {
  readonly verb: string;
  /** Whether a program reads: then the error is one line of JSON. */
  readonly json: boolean;
}

interface Said {
  readonly exit: number;
  /** A refusal's code, or `usage`, `refused` or `failed`. */
  readonly code: string;
  readonly message: string;
}

/** Says on stderr what went wrong, in one sentence, and gives the exit code. */
export function report(error: unknown, { verb, json }: Asked): number {
  // whoever read the output has read enough
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
  const { exit, code, message } = judge(error, verb);
  const line = json ? JSON.stringify({ error: { code, message, exit } }) : message;
  process.stderr.write(`${line}\n`);
  return exit;
}

function judge(error: unknown, verb: string): Said {
  const misuse = explainMisuse(error);
  if (misuse !== null) {
    const help = findVerb(verb) ? `muster help ${verb}` : 'muster help';
    return { exit: 64, code: 'usage', message: `${misuse} See: ${help}` };
  }
  const message = explain(error) ?? surprise(error);
  if (!(error instanceof Refused)) return { exit: 1, code: 'failed', message };
  return { exit: error.isFailure ? 1 : 2, code: error.code, message };
}

function surprise(error: unknown): string {
  if (readEnvironment().debug) return error instanceof Error ? (error.stack ?? '') : String(error);
  const what = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return `Muster met an error it does not know: ${what} (MUSTER_DEBUG=1 shows where it came from).`;
}
