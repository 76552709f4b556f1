import { hostname } from 'node:os';
import { isLoopback } from './address.ts';
import type { App } from './app.ts';

/**
 * The origin for a link that is mailed. What the client wrote counts only where it names this machine, as others reach
 * it: else anybody could have somebody sent a link to a site of their own, or to one that only this machine has.
 * @param claimed what the request named; null: it counts for nothing
 */
export function linkOrigin(
  { config, origins, secureOrigin }: Pick<App, 'config' | 'origins' | 'secureOrigin'>,
  claimed: string | null,
): string {
  if (config.publicOrigin !== null) return config.publicOrigin;
  const own = origins().map(({ origin }) => origin);
  const names = new Set([...own.map((origin) => new URL(origin).hostname), ...machineNames()]);
  if (claimed !== null && URL.canParse(claimed)) {
    const { hostname: name } = new URL(claimed);
    if (names.has(name) && !isHereOnly(name)) return claimed;
  }
  const [best] = own;
  if (best === undefined) throw new Error('there is no address');
  return secureOrigin(best);
}

const isHereOnly = (name: string): boolean =>
  name === 'localhost' || isLoopback(name.replace(/^\[|\]$/g, ''));

function machineNames(): string[] {
  const name = hostname().toLowerCase();
  return [name, `${name.replace(/\.local$/, '')}.local`];
}
