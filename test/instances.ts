import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../src/server/config.ts';
import type { DatabaseAddress } from '../src/store/database-address.ts';
import type { EngineName } from '../src/store/engine.ts';
import { FakeClock, startTestServer, type TestServer } from './app.ts';
import { emptiedDatabase } from './engine/emptied.ts';
import { proxyAddress } from './jar.ts';

/** Servers on one database with one key folder. */
export interface Instances extends AsyncDisposable {
  readonly first: TestServer<FakeClock>;
  readonly second: TestServer<FakeClock>;
  /** Of both. */
  readonly clock: FakeClock;
  readonly address: DatabaseAddress;
  readonly folder: string;
  /** One more; whoever starts it ends it. */
  start(config?: Partial<Config>): Promise<TestServer<FakeClock>>;
}

/** Two instances on a database of their own. */
export async function startInstances(
  engine: Exclude<EngineName, 'sqlite'>,
  config: Partial<Config> = {},
  forSecond: Partial<Config> = {},
): Promise<Instances> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await emptiedDatabase(engine));
  const folder = await mkdtemp(join(tmpdir(), 'muster-instances-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const clock = new FakeClock();
  const start = (more: Partial<Config> = {}) =>
    startTestServer({
      folder,
      clock,
      address: database.address,
      config: { trustedProxies: new Set([proxyAddress]), ...config, ...more },
    });
  const first = parts.use(await start());
  const second = parts.use(await start(forSecond));
  const all = parts.move();
  const { address } = database;
  return {
    first,
    second,
    clock,
    address,
    folder,
    start,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
