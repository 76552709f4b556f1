import type { parseArgs } from 'node:util';
import type { BusChoice } from '../server/bus-choice.ts';
import type { Flags } from './description.ts';
import type { Environment } from './environment.ts';
import { Misused } from './failure.ts';

/** For `parseArgs`. */
export const busFlags = {
  bus: {
    type: 'string',
    value: 'URL|off',
    env: 'MUSTER_BUS',
    text: 'how several instances on one database wake each other: redis://HOST or rediss://HOST. Without it over PostgreSQL itself; with MariaDB, or off, each looks at the database twice a second',
  },
} as const satisfies Flags;

type BusValues = ReturnType<typeof parseArgs<{ options: typeof busFlags }>>['values'];

/**
 * Judges flag and environment; the flag before the environment.
 * @param onServer whether the data lie on a database server: an embedded database has one instance
 * @throws Misused
 */
export function chooseBus(
  values: BusValues,
  environment: Environment,
  onServer: boolean,
): BusChoice {
  if (values.bus !== undefined && !onServer) {
    throw new Misused('--bus is for several instances on a database server: see --database.');
  }
  const text = values.bus ?? environment.bus;
  if (text === undefined) return 'database';
  if (text === 'off') return 'none';
  const url = URL.parse(text);
  if (url && /^rediss?:$/.test(url.protocol) && url.hostname !== '') return { redis: text };
  // what was given may hold a password
  throw new Misused('--bus (or MUSTER_BUS) takes redis://HOST, rediss://HOST or off.');
}
