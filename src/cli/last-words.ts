import { presentError } from '../server/error-log.ts';
import type { openLog } from './log.ts';

/**
 * Logs a fault that nothing caught, and ends the process: Node would print it with every value that it carries. A
 * service manager starts the server anew; what was acknowledged is on disk.
 */
export function logLastWords(log: Pick<ReturnType<typeof openLog>, 'fatal'>): Disposable {
  const die = (error: unknown): void => {
    log.fatal({ err: presentError(error) }, 'ended by a fault');
    process.stderr.write('Muster ended because of a fault of its own; its log has more.\n');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  return {
    [Symbol.dispose]() {
      process.off('uncaughtException', die);
    },
  };
}
