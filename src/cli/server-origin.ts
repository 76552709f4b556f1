import { Misused } from './failure.ts';

/**
 * The origin of a server that was named by its address.
 * @throws Misused for an address that is none, or that would carry passwords in the clear
 */
export function readOrigin(server: string): string {
  const text = /^[a-z]+:\/\//i.test(server) ? server : `https://${server}`;
  if (!URL.canParse(text)) throw new Misused(`"${server}" is no address of a server.`);
  const { protocol, origin, hostname } = new URL(text);
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere))
    throw new Misused('A server elsewhere is reached by https:// only: passwords travel on it.');
  return origin;
}
