import { join } from 'node:path';
import pino from 'pino';
import type { Instant } from '../src/core/brand.ts';
import { buildBundleWhenStale } from '../src/server/bundle.ts';
import { startServer } from '../src/server/start.ts';
import { openStore } from '../src/store/open.ts';
import { systemRandom } from '../src/store/system-random.ts';

/** The real server in a process of its own, over the folder that it is given. */
const folder = process.argv[2] as string;
const began = performance.now();
const clock = { now: () => Date.now() as Instant };
const random = systemRandom;
const { folder: webFolder } = await buildBundleWhenStale({
  root: join(import.meta.dirname, '..'),
  log: () => {},
});
const server = await startServer({
  config: {
    dataFolder: join(folder, 'data'),
    keyFolder: join(folder, 'keys'),
    dayFolder: null,
    host: '127.0.0.1',
    port: 0,
    httpsPort: null,
    trustedProxies: new Set(),
    publicOrigin: null,
    version: 'bench',
  },
  open: (wake) =>
    openStore({
      folder: join(folder, 'data'),
      keysFor: () => join(folder, 'keys'),
      clock,
      random,
      zone: 'Europe/Berlin',
      wake,
    }),
  tls: null,
  clock,
  random,
  log: pino({ level: 'error' }),
  webFolder,
});
process.send?.({
  port: server.port,
  token: server.app.operatorToken.token,
  readyMs: performance.now() - began,
});
process.on('message', (message) => {
  if (message === 'usage')
    process.send?.({ usage: process.cpuUsage(), peakKb: process.resourceUsage().maxRSS });
  if (message === 'stop') {
    void server[Symbol.asyncDispose]().then(() => process.exit(0));
  }
});
