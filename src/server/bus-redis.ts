import { createClient } from 'redis';
import type { OrganisationId } from '../core/brand.ts';
import type { Dial } from './bus-line.ts';

const connectMs = 3_000;
const maxCommands = 100;

/**
 * A line over Redis 6 or newer, or whatever speaks its protocol: one connection publishes and hears. Nothing is
 * stored there, and nothing waits in the client for a server that is away.
 */
export function dialRedis(url: string, organisation: OrganisationId): Dial {
  const channel = `muster:${organisation}`;
  return async ({ heard, lost }) => {
    const client = createClient({
      url,
      RESP: 3,
      disableOfflineQueue: true,
      commandsQueueMaxLength: maxCommands,
      disableClientInfo: true,
      maintNotifications: 'disabled',
      socket: { connectTimeout: connectMs, reconnectStrategy: false },
    });
    client.on('error', lost);
    client.on('end', () => lost(new Error('connection ended')));
    const end = () => {
      if (client.isOpen) client.destroy();
    };
    try {
      await client.connect();
      await client.subscribe(channel, (message) => heard(message));
    } catch (error) {
      end();
      throw error;
    }
    return {
      send: (message) => client.publish(channel, message),
      end,
    };
  };
}
