import { setTimeout } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Random } from '../core/clock.ts';
import { checkInBatch } from '../store/check-in.ts';
import { Directory } from '../store/directory.ts';
import { GroupCommit } from '../store/group-commit.ts';
import type { OpenedStore } from '../store/open.ts';
import { hasAdministrator } from '../store/sign-in.ts';
import { peopleStream, type Store } from '../store/store.ts';
import type { App } from './app.ts';
import { authenticate } from './authenticate.ts';
import { checkBackupFolder } from './backup-folder.ts';
import { openBackups } from './backup-job.ts';
import { noBus } from './bus.ts';
import type { OpenBus } from './bus-choice.ts';
import { checkClock } from './clock-check.ts';
import type { Config } from './config.ts';
import { DatabaseAway } from './database-away.ts';
import { checkDatabase } from './database-health.ts';
import { checkDayFolder } from './day-file-folder.ts';
import { DayFileStreams } from './day-file-stream.ts';
import { openDayFiles } from './day-file-writer.ts';
import { keepEpochs } from './epoch.ts';
import { presentError } from './error-log.ts';
import { Follower } from './follow.ts';
import { Guesses } from './guess.ts';
import { Health } from './health.ts';
import { buildHttp } from './http.ts';
import { announceInstance } from './instance.ts';
import { startJobs } from './jobs.ts';
import { Leases } from './lease.ts';
import { type Listener, listenNearAndFar, type TlsFiles } from './listen.ts';
import { LiveHub } from './live.ts';
import { Metrics } from './metrics.ts';
import { OperatorToken } from './operator-token.ts';
import { listOrigins, secureOriginFor } from './origins.ts';
import { PasswordHashes } from './password-hash.ts';
import { makePeopleSearch } from './people-search.ts';
import { loadPhonePage } from './phone-page.ts';
import { allRoutes } from './routes.ts';
import { SetUpLink } from './set-up-link.ts';
import { Settings } from './settings.ts';
import { SignInRush } from './sign-in-rush.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { Warnings } from './warnings.ts';

export interface StartOptions {
  readonly config: Config;
  /** Opens the store; it is told what to call when streams grew. */
  readonly open: (wake: Store['wake']) => Promise<OpenedStore>;
  /** Connects the instances on one database; without it they look at the database often. */
  readonly bus?: OpenBus;
  readonly tls: TlsFiles | null;
  /** Our own authority, where the certificate is its. */
  readonly authority?: App['authority'];
  readonly random: Random;
  readonly log: FastifyBaseLogger;
  /** Folder of the built pages (see bundle.ts). */
  readonly webFolder: string;
  /** Waits so many milliseconds while it drains; by the clock where it is left out. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

export interface RunningServer extends AsyncDisposable {
  readonly app: App;
  readonly http: Awaited<ReturnType<typeof buildHttp>>;
  readonly port: number;
  readonly httpsPort: number | null;
  readonly listeners: { readonly http: Listener; readonly https: Listener | null };
}

/** For so long answers under way may take to finish. */
const finishMs = 3_000;

/**
 * The one place where the parts meet. Disposing drains: it is not ready any more, but serves for `config.drainMs`; then
 * live channels go elsewhere, answers under way are finished, and everything closes.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config } = options;
  if (config.dayFolder !== null) checkDayFolder(config.dayFolder, config.dataFolder);
  if (config.backupFolder !== null) {
    checkBackupFolder(config.backupFolder.path, config.dataFolder, config.keyFolder);
  }
  const live = new LiveHub();
  /** What reads the ledger, whoever wrote it. */
  const readers: Store['wake'][] = [(streams) => live.wake(streams)];
  const wake: Store['wake'] = (streams) => {
    for (const read of readers) read(streams);
  };
  let committed: Store['wake'] = () => {};
  const opened = await options.open((streams) => {
    wake(streams);
    committed(streams);
  });
  let bus = noBus;
  /** What a start that fails takes back: a process that goes on listening would never be started again. */
  const begun = new AsyncDisposableStack();
  try {
    const { app, state } = await compose(options, opened, live);
    readers.push((streams) => {
      if (streams.includes(peopleStream)) app.people.wake();
    });
    const http = await buildHttp(
      app,
      allRoutes(loadPhonePage(options.webFolder), options.webFolder),
    );
    const plain = await listenNearAndFar(app, http, {
      host: config.host,
      port: config.port,
      tls: null,
    });
    begun.defer(() => plain.stop(0));
    const { httpsPort } = config;
    const secure =
      options.tls && httpsPort !== null
        ? await listenNearAndFar(app, http, {
            host: config.host,
            port: httpsPort,
            tls: options.tls,
          })
        : null;
    begun.defer(async () => secure?.stop(0));
    begun.use(app.leases);
    state.ports = { port: plain.port, httpsPort: secure?.port ?? null };
    const { store, instance, log } = app;
    bus = (await options.bus?.({ instance, organisation: store.organisation, log })) ?? noBus;
    committed = (streams) => {
      bus.publish(streams);
      // a commit went through, so there is room again
      app.warnings.clear('disk-full');
    };
    const dayStreams = config.dayFolder === null ? null : new DayFileStreams(app);
    const follower = store.engine.exclusive
      ? null
      : new Follower(app, { bus, wake, besides: async () => (await dayStreams?.list()) ?? [] });
    begun.defer(async () => follower?.[Symbol.asyncDispose]());
    await follower?.start();
    await startJobs(app);
    const dayFiles = await openDayFiles(app);
    if (dayFiles) readers.push((streams) => dayFiles.wake(streams));
    const epochs = begun.use(await keepEpochs(app));
    const announced = await announceInstance(app);
    app.health.phase = 'serving';
    return {
      app,
      http,
      port: plain.port,
      httpsPort: secure?.port ?? null,
      listeners: { http: plain, https: secure },
      async [Symbol.asyncDispose]() {
        app.health.phase = 'draining';
        await (options.wait ?? setTimeout)(config.drainMs);
        app.health.phase = 'stopping';
        live.close();
        await Promise.all([plain.stop(finishMs), secure?.stop(finishMs)]);
        await app.checkIns.drain();
        await app.passwords[Symbol.asyncDispose]();
        await app.leases[Symbol.asyncDispose]();
        await epochs[Symbol.asyncDispose]();
        await announced[Symbol.asyncDispose]();
        await http.close();
        await follower?.[Symbol.asyncDispose]();
        await bus[Symbol.asyncDispose]();
        await opened[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    live.close();
    await begun.disposeAsync();
    await bus[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function compose(options: StartOptions, opened: OpenedStore, live: LiveHub) {
  const { config, random, webFolder } = options;
  const instance = Buffer.from(random.bytes(6)).toString('base64url');
  const log = options.log.child({ instance }, { serializers: { err: presentError } });
  const state = { ports: { port: config.port, httpsPort: config.httpsPort } };
  const health = new Health();
  const metrics = new Metrics({
    watchers: () => live.watchers,
    isReady: async () => (await health.look()).ready,
    leases: () => app.leases.list(),
  });
  const store: Store = { ...opened.store, onRetry: () => metrics.countRetry() };
  checkDatabase(health, store);
  const warnings = new Warnings(store.clock);
  const databaseAway = new DatabaseAway(store.engine, log);
  const settings = await Settings.load(store);
  const signInRush = new SignInRush(store);
  const app: App = {
    instance,
    config,
    store,
    settings,
    directory: new Directory(store),
    people: makePeopleSearch(store, settings),
    checkIns: new GroupCommit(
      (attempts) => metrics.timeBatch(attempts.length, () => checkInBatch(store, attempts)),
      {
        turn: () => store.engine.turn(),
        isShared: (error) => databaseAway.isShared(error),
      },
    ),
    live,
    health,
    metrics,
    databaseAway,
    leases: new Leases({ store, instance, log }),
    backups: openBackups({ config, store, settings, databaseAway, log }, opened),
    guesses: new Guesses(store),
    warnings,
    setUpLink: new SetUpLink(store.vault.setUpToken, !(await hasAdministrator(store))),
    operatorToken: new OperatorToken(random),
    passwords: new PasswordHashes(),
    signInThrottle: new SignInThrottle(store, () => signInRush.gather()),
    signInRush,
    authority: options.authority ?? null,
    log,
    webFolder,
    authenticate: (request) => authenticate(app, request),
    origins: () => listOrigins(config, state.ports),
    secureOrigin: (origin) => secureOriginFor(config, origin, state.ports.httpsPort),
  };
  checkClock(app);
  live.attach(app);
  return { app, state };
}
