import pg from 'pg';
import type { DatabaseHost, ServerAddress } from './database-address.ts';
/** How one connection to one host is made. */
export declare function clientConfig(
  { user, password, database, tls }: ServerAddress,
  { host, port }: DatabaseHost,
  timeoutMs: number,
): pg.ClientConfig;
/** Durable commits, whatever the server's default is; what an administrator made stricter stays. */
export declare function prepareSession(client: pg.ClientBase): Promise<void>;
