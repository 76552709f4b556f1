import pg from 'pg';
import type { OrganisationId } from '../core/brand.ts';
import type { ServerAddress } from '../store/database-address.ts';
import { clientConfig } from '../store/postgres-session.ts';
import type { Dial } from './bus-line.ts';

const timeoutMs = 3_000;

/**
 * A line over LISTEN and NOTIFY: one connection of its own, since a pooler in front of the server would hear nothing
 * for it. Of several hosts the first that takes LISTEN is the one that writes: a standby refuses it.
 */
export function dialPostgres(address: ServerAddress, organisation: OrganisationId): Dial {
  const channel = `muster_${organisation}`;
  return async ({ heard, lost }) => {
    let failure: unknown = new Error('no host');
    for (const host of address.hosts) {
      const client = new pg.Client(clientConfig(address, host, timeoutMs));
      // the driver waits for a goodbye that a dead connection never gives
      const end = () =>
        (client as unknown as { connection: Connection }).connection.stream.destroy();
      client.on('error', lost);
      client.on('end', () => lost(new Error('connection ended')));
      client.on('notification', ({ payload }) => heard(payload ?? ''));
      try {
        await client.connect();
        await client.query(`listen "${channel}"`);
        return {
          send: (message) => client.query('select pg_notify($1, $2)', [channel, message]),
          end,
        };
      } catch (error) {
        failure = error;
        end();
      }
    }
    throw failure;
  };
}

interface Connection {
  readonly stream: { destroy(): void };
}
