import { hostname } from 'node:os';
import type { NetworkAddress } from '../core/organisation.wire.ts';
import { listAddresses, originOf } from './address.ts';
import type { Config } from './config.ts';

/**
 * Where phones reach this server, best first. Phones never install our authority, so on the local network they come
 * by plain HTTP; where a real name stands in front, only that counts.
 */
export function listOrigins(
  config: Config,
  { port }: { port: number },
  addresses = listAddresses(),
): NetworkAddress[] {
  if (config.publicOrigin !== null)
    return [{ origin: config.publicOrigin, label: 'public address', kind: 'public' }];
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const reached = everywhere
    ? addresses
    : addresses.filter(({ address }) => address === config.host);
  const origins = reached
    .filter(({ family }) => family === 'IPv4')
    .map(({ address, name, kind }) => ({
      origin: originOf('http', address, port),
      label: name,
      kind,
    }));
  const loopback = {
    origin: originOf('http', 'localhost', port),
    label: hostname(),
    kind: 'loopback' as const,
  };
  const beyond = origins.filter(({ kind }) => kind !== 'loopback');
  return [...beyond, loopback];
}

/** The same host on the TLS listener. */
export function secureOriginFor(config: Config, origin: string, httpsPort: number | null): string {
  if (config.publicOrigin !== null) return config.publicOrigin;
  const { hostname: host } = new URL(origin);
  return httpsPort === null ? origin : originOf('https', host, httpsPort);
}
