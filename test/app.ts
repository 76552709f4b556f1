import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Instant } from '../src/core/brand.ts';
import { buildBundleWhenStale } from '../src/server/bundle.ts';
import type { OpenBus } from '../src/server/bus-choice.ts';
import type { Config } from '../src/server/config.ts';
import type { TlsFiles } from '../src/server/listen.ts';
import { type RunningServer, startServer } from '../src/server/start.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import { openStore } from '../src/store/open.ts';
import { emptiedDatabase } from './engine/emptied.ts';

/** A clock that a test turns by hand. */
export class FakeClock {
  #now: number;
  constructor(now: number | string = '2026-11-23T08:00:00Z') {
    this.#now = typeof now === 'number' ? now : Date.parse(now);
  }
  now(): Instant {
    return this.#now as Instant;
  }
  set(now: number | string): void {
    this.#now = typeof now === 'number' ? now : Date.parse(now);
  }
  advance(ms: number): void {
    this.#now += ms;
  }
}

/** The time as it is. */
export const realClock = { now: () => Date.now() as Instant };
const realRandom = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

export interface TestServer<Clock> extends AsyncDisposable {
  readonly server: RunningServer;
  readonly app: RunningServer['app'];
  readonly clock: Clock;
  /** Loopback origin of the plain listener. */
  readonly origin: string;
  readonly folder: string;
  /** Everything that was logged, as text. */
  readonly logged: () => string;
}

/**
 * Starts the real server on a free port over a real encrypted database in a folder of its own, or, in the projects
 * `postgres` and `mariadb`, over a database of its own on a server.
 */
export async function startTestServer<Clock extends { now(): Instant } = FakeClock>({
  clock = new FakeClock() as unknown as Clock,
  host = '127.0.0.1',
  tls = null,
  config = {},
  folder: given,
  address,
  followServer = false,
  bus,
  wait,
}: {
  clock?: Clock;
  host?: string;
  tls?: TlsFiles | null;
  config?: Partial<Config>;
  /** A folder that outlives the server; else one is made and removed. */
  folder?: string;
  /** A database server, which outlives the one that is started here; else the database in the folder. */
  address?: DatabaseAddress;
  /** Whether the time is the database server's; `clock` is then the machine's own. */
  followServer?: boolean;
  /** What wakes the other instances on the database; without it they look by themselves. */
  bus?: OpenBus;
  /** How the time passes in which it drains. */
  wait?: () => Promise<unknown>;
} = {}): Promise<TestServer<Clock>> {
  const root = join(import.meta.dirname, '..');
  const { folder: webFolder } = await buildBundleWhenStale({ root, log: () => {} });
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'muster-test-')));
  const engine = process.env.MUSTER_TEST_ENGINE as 'postgres' | 'mariadb' | undefined;
  const database = engine && !given && !address ? await emptiedDatabase(engine) : null;
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const server = await startServer({
    config: {
      dataFolder: join(folder, 'data'),
      installation: '00000000-0000-4000-8000-000000000000',
      database: null,
      keyFolder: join(folder, 'keys'),
      dayFolder: null,
      backupFolder: null,
      host,
      port: 0,
      httpsPort: tls ? 0 : null,
      trustedProxies: new Set(),
      publicOrigin: null,
      version: '0.0.0-test',
      drainMs: 0,
      logRequests: false,
      metricsToken: null,
      ...config,
    },
    open: (wake) =>
      openStore({
        address: address ?? database?.address,
        folder: join(folder, 'data'),
        keysFor: () => join(folder, 'keys'),
        clock,
        followServer,
        random: realRandom,
        zone: 'Europe/Berlin',
        wake,
      }),
    tls,
    ...(bus ? { bus } : {}),
    ...(wait ? { wait } : {}),
    random: realRandom,
    log,
    webFolder,
  }).catch(async (error: unknown) => {
    await database?.[Symbol.asyncDispose]();
    throw error;
  });
  return {
    server,
    app: server.app,
    clock,
    origin: `http://localhost:${server.port}`,
    folder,
    logged: () => lines.join(''),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
