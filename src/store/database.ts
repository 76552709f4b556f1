import type { ServerAddress } from './database-address.ts';
import type { Engine } from './engine.ts';

/**
 * Opens a database server. The driver is loaded only now: a laptop with the embedded database pays for none.
 * @throws DatabaseError where it cannot be used, in words
 */
export async function openServer(
  address: ServerAddress,
  options: { timeoutMs?: number } = {},
): Promise<Engine> {
  if (address.engine === 'postgres') {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(address, options);
  }
  const { openMariadb } = await import('./mariadb.ts');
  return openMariadb(address, options);
}
