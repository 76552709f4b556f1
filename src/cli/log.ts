import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';

const largest = 5 * 1024 * 1024;

/** Where the log of a server on these data lies when it runs in a terminal. */
const logPath = (dataFolder: string): string => join(dataFolder, 'muster.log');

/**
 * The server's log, one JSON object a line. A terminal is for people, so the log goes to a file there; a service
 * manager keeps what is written to stderr.
 */
export function openLog(dataFolder: string, isTerminal: boolean): pino.Logger {
  // whoever reads the log slowly must not hold the server up; what is not written yet is written at the exit
  const destination = isTerminal
    ? fileStream(logPath(dataFolder))
    : pino.destination({ dest: 2, sync: false });
  return pino({ level: 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** Made with the first line, so that a start that is refused leaves nothing behind. */
function fileStream(path: string): { write(line: string): void } {
  return {
    write(line) {
      try {
        if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > largest)
          renameSync(path, `${path}.1`);
        appendFileSync(path, line, { mode: 0o600 });
      } catch {
        // a full disk must not stop the server for the sake of its log
      }
    },
  };
}
