import type { Environment } from './environment.ts';

/** Opens the user's browser where there is one to see; a failure is no reason to stop. */
export async function openBrowser(url: string, environment: Environment): Promise<boolean> {
  if (!environment.desktop) return false;
  try {
    const { default: open } = await import('open');
    const child = await open(url);
    child.on('error', () => {});
    return true;
  } catch {
    return false;
  }
}
