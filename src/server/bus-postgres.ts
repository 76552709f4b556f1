import pg from 'pg';
import type { OrganisationId } from '../core/brand.ts';
import type { ServerAddress } from '../store/database-address.ts';
import { HostChoice } from '../store/host-choice.ts';
import { probePostgres } from '../store/postgres-check.ts';
import { clientConfig } from '../store/postgres-session.ts';
import type { Dial } from './bus-line.ts';

const timeoutMs = 3_000;

/**
 * A line over LISTEN and NOTIFY: one connection of its own, since a pooler in front of the server would hear nothing
 * for it. Of several hosts it goes to the one that the engine goes to, by the same choice.
 */
export function dialPostgres(address: ServerAddress, organisation: OrganisationId): Dial {
  const channel = `muster_${organisation}`;
  const choice = new HostChoice({
    hosts: address.hosts,
    probe: (host) => probePostgres(address, host),
    ranked: true,
  });
  return async ({ heard, lost }) => {
    const host = await choice.choose();
    const client = new pg.Client(clientConfig(address, host, timeoutMs));
    // the driver waits for a goodbye that a dead connection never gives
    const end = () => (client as unknown as { connection: Connection }).connection.stream.destroy();
    const failed = (error: unknown) => {
      choice.failed(host);
      lost(error);
    };
    client.on('error', failed);
    client.on('end', () => failed(new Error('connection ended')));
    client.on('notification', ({ payload }) => heard(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen "${channel}"`);
    } catch (error) {
      choice.failed(host);
      end();
      throw error;
    }
    return {
      send: (message) => client.query('select pg_notify($1, $2)', [channel, message]),
      end,
    };
  };
}

interface Connection {
  readonly stream: { destroy(): void };
}
