import { readFile } from 'node:fs/promises';
import type { DatabaseTls } from '../../src/store/database-address.ts';

/** For a driver: the authority that the address names, else the system's. */
export async function tlsOptions(
  tls: Exclude<DatabaseTls, 'off'>,
): Promise<{ ca?: string; rejectUnauthorized: true }> {
  return tls.authority === null
    ? { rejectUnauthorized: true }
    : { ca: await readFile(tls.authority, 'utf8'), rejectUnauthorized: true };
}
