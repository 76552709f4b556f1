import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import type { Role } from '../core/account.wire.ts';
import type { Instant, PersonId } from '../core/brand.ts';
import { Directory } from '../store/directory.ts';
import { commit } from '../store/ledger.ts';
import { insertPeople } from '../store/person.ts';
import type { Store } from '../store/store.ts';
import { openThrowaway, type Throwaway } from '../store/throwaway.ts';
import type { App } from './app.ts';
import { DatabaseAway } from './database-away.ts';
import { Health } from './health.ts';
import { buildHttp } from './http.ts';
import { LiveHub } from './live.ts';
import { Metrics } from './metrics.ts';
import { makePeopleSearch } from './people-search.ts';
import type { Route } from './route.ts';
import { Settings } from './settings.ts';
import { Warnings } from './warnings.ts';

/** An answer as a test reads it: JSON, or text where it is something else. */
export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Some routes over a real encrypted database, behind the real gate, without a socket: for tests. */
export interface ThrowawayApp extends AsyncDisposable {
  readonly app: App;
  readonly store: Store;
  readonly place: Throwaway;
  readonly http: FastifyInstance;
  /** How often open connections were told to prove themselves again. */
  readonly rechecks: () => number;
  addPerson(name: string, ...roles: Role[]): Promise<PersonId>;
  /** Asks as this person; `null`: as nobody. */
  ask(person: PersonId | null, path: string, body?: unknown): Promise<Answered>;
}

export async function openThrowawayApp(
  routes: readonly Route[],
  at = '2026-11-23T08:00:00+01:00',
): Promise<ThrowawayApp> {
  const place = await openThrowaway({ at });
  const { store } = place;
  const roles = new Map<string, ReadonlySet<Role>>();
  const live = new LiveHub();
  let rechecks = 0;
  live.recheck = async () => {
    rechecks += 1;
  };
  const log = pino({ level: 'silent' });
  const health = new Health();
  health.phase = 'serving';
  const settings = await Settings.load(store);
  const app = {
    config: { trustedProxies: new Set() },
    store,
    settings,
    directory: new Directory(store),
    people: makePeopleSearch(store, settings),
    live,
    warnings: new Warnings(place.clock),
    log,
    health,
    metrics: new Metrics({ watchers: () => 0, isReady: async () => true, leases: () => [] }),
    databaseAway: new DatabaseAway(store.engine, log),
    async authenticate({ headers }: { headers: Record<string, unknown> }) {
      const person = headers['x-person'] as PersonId | undefined;
      const held = person && roles.get(person);
      const seenAt = 0 as Instant;
      return held ? { person, roles: held, signIn: '', createdAt: seenAt, seenAt } : null;
    },
  } as unknown as App;
  const http = await buildHttp(app, routes);
  return {
    app,
    store,
    place,
    http,
    rechecks: () => rechecks,
    async addPerson(name, ...list) {
      const { organisation } = store;
      const person = await commit(store, async (writing) => {
        const [id] = await insertPeople(store, writing, 'operator', [
          { number: null, name, email: null },
        ]);
        const rows = list.map((role) => ({ organisation, person: id as string, role }));
        await store.engine.insertMany(writing.tx, 'role', rows);
        return id as PersonId;
      });
      roles.set(person, new Set(list));
      return person;
    },
    async ask(person, path, body) {
      const response = await http.inject({
        method: body === undefined ? 'GET' : 'POST',
        url: path,
        headers: person === null ? {} : { 'x-person': person },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const isJson = String(response.headers['content-type']).includes('json');
      return {
        status: response.statusCode,
        body: isJson ? response.json() : response.payload,
        headers: response.headers,
      };
    },
    async [Symbol.asyncDispose]() {
      live.close();
      await http.close();
      await place[Symbol.asyncDispose]();
    },
  };
}
