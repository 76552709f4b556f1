import { spawnSync } from 'node:child_process';

/**
 * True where the kernel can show what the test needs. Elsewhere it says loudly that nothing was shown; on a build
 * machine that is a failure.
 */
export function isLinux(what: string): boolean {
  if (process.platform === 'linux') return true;
  const message = `${what} can be shown on Linux only: nothing was shown on ${process.platform}.`;
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`\nNOT SHOWN: ${message}\n`);
  return false;
}

/** Whether a command runs and ends well. */
export function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
