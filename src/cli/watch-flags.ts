import { readFileSync } from 'node:fs';
import type { parseArgs } from 'node:util';
import type { Flags } from './description.ts';
import type { Environment } from './environment.ts';
import { Misused } from './failure.ts';

/** How a server is watched, and how it takes its leave from a load balancer. */
export interface WatchChoice {
  readonly drainMs: number;
  readonly logRequests: boolean;
  /** null: only the operator on the machine itself reads the metrics. */
  readonly metricsToken: string | null;
}

/** For `parseArgs`. */
export const watchFlags = {
  drain: {
    type: 'string',
    value: 'SECONDS',
    env: 'MUSTER_DRAIN',
    text: 'how long to go on serving after SIGTERM while /readyz says no; 5 with a database server, else 0',
  },
  'log-requests': {
    type: 'boolean',
    env: 'MUSTER_LOG_REQUESTS',
    text: 'a line in the log for every request; on with a database server, --no-log-requests for none',
  },
} as const satisfies Flags;

type WatchValues = ReturnType<
  typeof parseArgs<{ options: typeof watchFlags; allowNegative: true }>
>['values'];

const longestDrain = 600;
/** A token is to be random; one that is shorter was made up. */
const shortestToken = 16;

/**
 * Judges flags and environment; a flag before the environment.
 * @param onServer whether the data lie on a database server, as they do where several instances run
 * @throws Misused
 */
export function chooseWatch(
  values: WatchValues,
  environment: Environment,
  onServer: boolean,
): WatchChoice {
  return {
    drainMs: 1_000 * readDrain(values.drain ?? environment.drain ?? (onServer ? '5' : '0')),
    logRequests: values['log-requests'] ?? readSwitch(environment.logRequests) ?? onServer,
    metricsToken: readMetricsToken(environment),
  };
}

function readDrain(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,3}(\.\d+)?$/.test(text) && seconds <= longestDrain) return seconds;
  throw new Misused(
    `--drain (or MUSTER_DRAIN) takes seconds from 0 to ${longestDrain}, not "${text}".`,
  );
}

function readSwitch(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new Misused(`MUSTER_LOG_REQUESTS takes on or off, not "${text}".`);
}

function readMetricsToken({ metricsToken, metricsTokenFile }: Environment): string | null {
  if (metricsToken === undefined && metricsTokenFile === undefined) return null;
  const token = (metricsToken ?? readTokenFile(metricsTokenFile as string)).trim();
  if (/^[\w.~+/-]{1,200}=*$/.test(token) && token.length >= shortestToken) return token;
  throw new Misused(
    `${metricsToken === undefined ? metricsTokenFile : 'MUSTER_METRICS_TOKEN'} does not hold a token: ${shortestToken} to 200 letters, digits and - . _ ~ + / =, such as openssl rand -hex 24 makes.`,
  );
}

function readTokenFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Misused(`The token in ${path} (MUSTER_METRICS_TOKEN_FILE) cannot be read (${code}).`);
  }
}
