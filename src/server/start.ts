import type { FastifyBaseLogger } from 'fastify';
import type { Clock, Random } from '../core/clock.ts';
import { checkInBatch } from '../store/check-in.ts';
import { Directory } from '../store/directory.ts';
import { GroupCommit } from '../store/group-commit.ts';
import { hasAdministrator } from '../store/sign-in.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import { authenticate } from './authenticate.ts';
import type { Config } from './config.ts';
import { checkDayFolder } from './day-file-folder.ts';
import { openDayFiles } from './day-file-writer.ts';
import { Guesses } from './guess.ts';
import { buildHttp } from './http.ts';
import { startJobs } from './jobs.ts';
import { type Listener, listenNearAndFar, type TlsFiles } from './listen.ts';
import { LiveHub } from './live.ts';
import { OperatorToken } from './operator-token.ts';
import { listOrigins, secureOriginFor } from './origins.ts';
import { PasswordHashes } from './password-hash.ts';
import { loadPhonePage } from './phone-page.ts';
import { allRoutes } from './routes.ts';
import { SetUpLink } from './set-up-link.ts';
import { Settings } from './settings.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { Warnings } from './warnings.ts';

export interface StartOptions {
  readonly config: Config;
  /** Opens the store; it is told what to call when streams grew. */
  readonly open: (wake: Store['wake']) => Promise<{ store: Store } & AsyncDisposable>;
  readonly tls: TlsFiles | null;
  /** Our own authority, where the certificate is its. */
  readonly authority?: App['authority'];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: FastifyBaseLogger;
  /** Folder of the built pages (see bundle.ts). */
  readonly webFolder: string;
}

export interface RunningServer extends AsyncDisposable {
  readonly app: App;
  readonly http: Awaited<ReturnType<typeof buildHttp>>;
  readonly port: number;
  readonly httpsPort: number | null;
  readonly listeners: { readonly http: Listener; readonly https: Listener | null };
}

const drainMs = 3_000;

/** The one place where the parts meet. Disposing drains: answers under way are finished, then everything closes. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config } = options;
  if (config.dayFolder !== null) checkDayFolder(config.dayFolder, config.dataFolder);
  const live = new LiveHub();
  const wakes: Store['wake'][] = [(streams) => live.wake(streams)];
  const opened = await options.open((streams) => {
    for (const wake of wakes) wake(streams);
  });
  try {
    const { app, state } = await compose(options, opened.store, live);
    const http = await buildHttp(
      app,
      allRoutes(loadPhonePage(options.webFolder), options.webFolder),
    );
    const plain = await listenNearAndFar(app, http, {
      host: config.host,
      port: config.port,
      tls: null,
    });
    const { httpsPort } = config;
    const secure =
      options.tls && httpsPort !== null
        ? await listenNearAndFar(app, http, {
            host: config.host,
            port: httpsPort,
            tls: options.tls,
          }).catch(async (error) => {
            await plain.stop(0);
            throw error;
          })
        : null;
    state.ports = { port: plain.port, httpsPort: secure?.port ?? null };
    const jobs = await startJobs(app);
    const dayFiles = openDayFiles(app);
    // a commit went through, so there is room again
    wakes.push(() => app.warnings.clear('disk-full'));
    if (dayFiles) wakes.push((streams) => dayFiles.wake(streams));
    state.ready = true;
    return {
      app,
      http,
      port: plain.port,
      httpsPort: secure?.port ?? null,
      listeners: { http: plain, https: secure },
      async [Symbol.asyncDispose]() {
        state.ready = false;
        live.close();
        await Promise.all([plain.stop(drainMs), secure?.stop(drainMs)]);
        await app.checkIns.drain();
        await jobs[Symbol.asyncDispose]();
        await http.close();
        await dayFiles?.[Symbol.asyncDispose]();
        await opened[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    live.close();
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function compose(options: StartOptions, store: Store, live: LiveHub) {
  const { config, clock, random, log, webFolder } = options;
  const state = { ready: false, ports: { port: config.port, httpsPort: config.httpsPort } };
  const warnings = new Warnings(clock);
  const app: App = {
    config,
    store,
    settings: await Settings.load(store),
    directory: new Directory(store),
    checkIns: new GroupCommit((attempts) => checkInBatch(store, attempts), {
      turn: () => store.engine.turn(),
    }),
    live,
    guesses: new Guesses(store),
    warnings,
    setUpLink: new SetUpLink(store.vault.setUpToken, !(await hasAdministrator(store))),
    operatorToken: new OperatorToken(random),
    passwords: new PasswordHashes(),
    signInThrottle: new SignInThrottle(store),
    authority: options.authority ?? null,
    log,
    webFolder,
    ready: () => state.ready,
    authenticate: (request) => authenticate(app, request),
    origins: () => listOrigins(config, state.ports),
    secureOrigin: (origin) => secureOriginFor(config, origin, state.ports.httpsPort),
  };
  live.attach(app);
  return { app, state };
}
