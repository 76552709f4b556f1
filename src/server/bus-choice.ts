import type { FastifyBaseLogger } from 'fastify';
import type { OrganisationId } from '../core/brand.ts';
import type { DatabaseAddress } from '../store/database-address.ts';
import { type Bus, noBus } from './bus.ts';
import { LineBus } from './bus-line.ts';

/** What is to wake the other instances: what the database offers, nothing, or the Redis server at an address. */
export type BusChoice = 'database' | 'none' | { readonly redis: string };

export type OpenBus = (of: {
  readonly instance: string;
  readonly organisation: OrganisationId;
  readonly log: FastifyBaseLogger;
}) => Promise<Bus>;

/** A driver is loaded only where it is needed. The bus connects in its own time: nothing waits for it. */
export function busOpener(choice: BusChoice, address: DatabaseAddress): OpenBus {
  return async ({ instance, organisation, log }) => {
    if (address.engine === 'sqlite' || choice === 'none') return noBus;
    if (choice !== 'database') {
      const { dialRedis } = await import('./bus-redis.ts');
      return new LineBus('redis', { instance, dial: dialRedis(choice.redis, organisation), log });
    }
    if (address.engine !== 'postgres') return noBus;
    const { dialPostgres } = await import('./bus-postgres.ts');
    return new LineBus('postgres', { instance, dial: dialPostgres(address, organisation), log });
  };
}
