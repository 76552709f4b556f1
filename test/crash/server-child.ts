// The real server in a process of its own, for tests that take away its life or its disk. What to serve stands in
// the first argument; it talks to whoever started it over the channel between them.
import { unlinkSync } from 'node:fs';
import pino from 'pino';
import { startServer } from '../../src/server/start.ts';
import { openStore } from '../../src/store/open.ts';
import { systemRandom } from '../../src/store/system-random.ts';
import type { ChildOptions, ChildRequest } from './server-process.ts';
import { tickingClock } from './ticking-clock.ts';

const options = JSON.parse(process.argv[2] as string) as ChildOptions;
const { dataFolder, keyFolder, dayFolder, backupFolder, webFolder, synchronous, now } = options;
const clock = tickingClock(now);
process.on('disconnect', () => process.exit(1));

const server = await startServer({
  config: {
    dataFolder,
    installation: '00000000-0000-4000-8000-000000000000',
    database: null,
    keyFolder,
    dayFolder,
    backupFolder: backupFolder === undefined ? null : { path: backupFolder, make: false },
    host: '127.0.0.1',
    port: 0,
    httpsPort: null,
    trustedProxies: new Set(),
    publicOrigin: null,
    version: 'crash-test',
    drainMs: 0,
    logRequests: false,
    metricsToken: null,
  },
  open: (wake) =>
    openStore({
      address: options.address,
      folder: dataFolder,
      keysFor: () => keyFolder,
      clock,
      random: systemRandom,
      zone: options.zone,
      wake,
      synchronous,
    }),
  tls: null,
  random: systemRandom,
  log: pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true })),
  webFolder,
});

process.on('message', async (request: ChildRequest) => {
  if (request.ask === 'stop') {
    await server[Symbol.asyncDispose]();
    process.exit(0);
  }
  if (request.ask === 'remove') unlinkSync(request.path);
  process.send?.({ answer: request.ask, warnings: server.app.warnings.list() });
});
process.send?.({ ready: true, pid: process.pid, port: server.port });
