import { hostname } from 'node:os';
import type { App } from './app.ts';

/**
 * The origin for a link that is mailed. What the client wrote counts only where it names this machine: else anybody
 * could have somebody sent a link to a site of their own.
 */
export function linkOrigin(
  { config, origins, secureOrigin }: Pick<App, 'config' | 'origins' | 'secureOrigin'>,
  claimed: string,
): string {
  if (config.publicOrigin !== null) return config.publicOrigin;
  const own = origins().map(({ origin }) => origin);
  const names = new Set([...own.map((origin) => new URL(origin).hostname), ...machineNames()]);
  if (URL.canParse(claimed) && names.has(new URL(claimed).hostname)) return claimed;
  return secureOrigin(own[0] ?? claimed);
}

function machineNames(): string[] {
  const name = hostname().toLowerCase();
  return [name, `${name.replace(/\.local$/, '')}.local`];
}
