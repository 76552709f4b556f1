import { join } from 'node:path';
import pino from 'pino';
import { buildBundleWhenStale } from '../src/server/bundle.ts';
import { busOpener } from '../src/server/bus-choice.ts';
import { startServer } from '../src/server/start.ts';
import { systemRandom } from '../src/store/system-random.ts';
import { hearTask, serveParent } from './child-side.ts';
import { openBenchStore } from './rush-seed.ts';
import { addressOf } from './scratch.ts';

/** The real server in a process of its own, over the place that it is given. */
const { place, bus } = await hearTask();
const began = performance.now();
const { folder: webFolder } = await buildBundleWhenStale({
  root: join(import.meta.dirname, '..'),
  log: () => {},
});
const server = await startServer({
  config: {
    dataFolder: join(place.folder, 'data'),
    installation: '00000000-0000-4000-8000-000000000000',
    database: place.database,
    keyFolder: join(place.folder, 'keys'),
    dayFolder: null,
    backupFolder: null,
    host: '127.0.0.1',
    port: 0,
    httpsPort: null,
    trustedProxies: new Set(),
    publicOrigin: null,
    version: 'bench',
    drainMs: 0,
    logRequests: false,
    metricsToken: null,
  },
  open: (wake) => openBenchStore(place, { wake, followServer: true }),
  bus: busOpener(
    bus === null ? 'database' : { redis: bus },
    addressOf(place) ?? { engine: 'sqlite', folder: null },
  ),
  tls: null,
  random: systemRandom,
  log: pino({ level: 'error' }),
  webFolder,
});
serveParent(
  {
    port: server.port,
    token: server.app.operatorToken.token,
    readyMs: performance.now() - began,
  },
  async () => server[Symbol.asyncDispose](),
);
