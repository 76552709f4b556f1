import type { WebSocket } from 'ws';
import type { SessionId, StreamName } from '../core/brand.ts';
import { type LiveFrame, liveRequest } from '../core/live.wire.ts';
import { reachOf, topicPermissions } from '../core/permission.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { loadSignIn } from '../store/sign-in.ts';
import { groupOf, sessionOf } from '../store/store.ts';
import type { App } from './app.ts';
import { checkSession, operator } from './gate.ts';
import { BoardTopics } from './live-board.ts';
import { CodeTopics } from './live-code.ts';

const maxTopics = 20;
const maxRequestsPerSecond = 50;
/** A watcher that lets this much pile up is cut off; it comes back and is backfilled. */
const maxBuffered = 8 * 1024 * 1024;
const recheckMs = 60_000;
/** What the database did not answer is asked again after this. */
const againMs = 1_000;
/** A connection that is silent for two beats is gone: a phone or laptop that left does not say so. */
const beatMs = 30_000;

interface Watcher {
  readonly socket: WebSocket;
  me: SignedIn;
  readonly topics: Set<string>;
  /** Topics that are asked for while the database is away, with the sequence that the watcher has. */
  readonly waiting: Map<string, number>;
  requests: number;
  /** Has said something since the last beat. */
  alive: boolean;
}

/** The live channel: who watches what, and what they have. The ledger is the truth, a wake-up only says "look". */
export class LiveHub {
  #app: App | null = null;
  readonly #watchers = new Set<Watcher>();
  readonly #boards = new BoardTopics<Watcher>((watchers, data) => this.#sendMany(watchers, data));
  readonly #codes = new CodeTopics<Watcher>((watcher, frame) => this.#send(watcher, frame));
  readonly #timers = [
    setInterval(() => void this.recheck(), recheckMs).unref(),
    setInterval(() => this.beat(), beatMs).unref(),
  ];

  #again: NodeJS.Timeout | null = null;

  /** Called when somebody begins to watch. */
  onJoin: () => void = () => {};

  /** The hub is part of the app and needs it: set once, by the composition root. */
  attach(app: App): void {
    this.#app = app;
    this.#boards.attach(app);
    this.#codes.attach(app);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** The streams that are watched, with the sequence up to which everybody has them. */
  watched(): Map<StreamName, number> {
    return new Map([...this.#codes.watched(), ...this.#boards.watched()]);
  }

  /** Takes over a connection whose upgrade was authorised. */
  accept(socket: WebSocket, me: SignedIn): void {
    const watcher: Watcher = {
      socket,
      me,
      topics: new Set(),
      waiting: new Map(),
      requests: 0,
      alive: true,
    };
    this.#watchers.add(watcher);
    const calm = setInterval(() => {
      watcher.requests = 0;
    }, 1_000).unref();
    socket.on('message', (data) => {
      watcher.requests += 1;
      if (watcher.requests > maxRequestsPerSecond) socket.close(1008, 'too many requests');
      else this.#hear(watcher, String(data)).catch((error) => this.#fail(watcher, error));
    });
    socket.on('pong', () => {
      watcher.alive = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(calm);
      this.#watchers.delete(watcher);
      for (const topic of watcher.topics) this.#leave(watcher, topic);
    });
  }

  #fail(watcher: Watcher, error: unknown): void {
    this.#app?.log.error({ err: error }, 'live channel');
    watcher.socket.close(1011);
  }

  async #hear(watcher: Watcher, text: string): Promise<void> {
    const app = this.#app as App;
    const parsed = liveRequest.safeParse(parseJson(text));
    if (!parsed.success) return watcher.socket.close(1007, 'not a request');
    const request = parsed.data;
    if (request.do === 'ping') {
      return this.#send(watcher, {
        kind: 'pong',
        at: request.at,
        serverTime: app.store.clock.now(),
      });
    }
    const { topic } = request;
    if (request.do === 'unsubscribe') return this.#leave(watcher, topic);
    await this.#subscribe(watcher, topic, request.since);
  }

  /** While the database is away the watcher waits; it has its answer when the database is back. */
  async #subscribe(watcher: Watcher, topic: string, since: number): Promise<void> {
    try {
      await this.#join(watcher, topic, since);
    } catch (error) {
      if (!(this.#app as App).databaseAway.causes(error)) throw error;
      if (!watcher.waiting.has(topic)) {
        if (watcher.waiting.size >= maxTopics) return watcher.socket.close(1008, 'too many topics');
        setTimeout(() => this.#subscribeAgain(watcher, topic), againMs).unref();
      }
      watcher.waiting.set(topic, since);
    }
  }

  #subscribeAgain(watcher: Watcher, topic: string): void {
    const since = watcher.waiting.get(topic);
    watcher.waiting.delete(topic);
    if (since === undefined || watcher.socket.readyState !== watcher.socket.OPEN) return;
    this.#subscribe(watcher, topic, since).catch((error) => this.#fail(watcher, error));
  }

  async #join(watcher: Watcher, topic: string, since: number): Promise<void> {
    const app = this.#app as App;
    const [kind, id] = readTopic(topic);
    const known = Object.hasOwn(topicPermissions, kind);
    const allowed = known && (await mayWatch(app, watcher, kind, id));
    if (!allowed || (watcher.topics.size >= maxTopics && !watcher.topics.has(topic))) {
      return this.#send(watcher, {
        kind: 'refused',
        topic,
        code: known ? 'not-allowed' : 'not-found',
      });
    }
    if (watcher.socket.readyState !== watcher.socket.OPEN) return;
    watcher.topics.add(topic);
    if (kind === 'code') await this.#codes.join(watcher, id);
    else await this.#boards.join(watcher, id, since, () => watcher.topics.has(topic));
    this.onJoin();
  }

  #leave(watcher: Watcher, name: string): void {
    watcher.topics.delete(name);
    watcher.waiting.delete(name);
    this.#codes.leave(watcher, name);
    this.#boards.leave(watcher, name);
  }

  /** Streams grew: whoever watches them looks. */
  wake(streams: readonly StreamName[]): void {
    for (const stream of streams) {
      const session = sessionOf(stream);
      if (session === null) {
        if (groupOf(stream) !== null) this.#boards.reload(stream);
        continue;
      }
      this.#codes.refresh(session);
      this.#boards.wake(session);
    }
  }

  #sendMany(watchers: Iterable<Watcher>, data: Buffer): void {
    for (const { socket } of watchers) {
      if (socket.bufferedAmount > maxBuffered) socket.terminate();
      else socket.send(data, { binary: false });
    }
  }

  #send(watcher: Watcher, frame: LiveFrame): void {
    if (watcher.socket.readyState !== watcher.socket.OPEN) return;
    this.#sendMany([watcher], Buffer.from(JSON.stringify(frame)));
  }

  /** Ends connections whose other side is gone, and asks the rest. */
  beat(): void {
    for (const watcher of this.#watchers) {
      if (!watcher.alive) watcher.socket.terminate();
      watcher.alive = false;
      if (watcher.socket.readyState === watcher.socket.OPEN) watcher.socket.ping();
    }
  }

  /**
   * Asks for every connection anew whether it may still watch: after sign-outs, changes of roles or hosts. Where the
   * database does not answer, it is asked again until it does.
   * @param people only whom it concerns; everybody where it is left out
   */
  async recheck(people?: ReadonlySet<string>): Promise<void> {
    const app = this.#app;
    if (!app) return;
    try {
      await this.#recheckAll(app, people);
    } catch (error) {
      app.databaseAway.log(error, 'live channel');
      this.#again ??= setTimeout(() => {
        this.#again = null;
        void this.recheck();
      }, againMs).unref();
    }
  }

  async #recheckAll(app: App, people?: ReadonlySet<string>): Promise<void> {
    for (const watcher of [...this.#watchers]) {
      if (people && !people.has(watcher.me.person)) continue;
      if (watcher.me.person !== operator) {
        const me = await loadSignIn(app.store, watcher.me.signIn, app.store.clock.now());
        if (!me) {
          this.#send(watcher, { kind: 'signed-out' });
          watcher.socket.close(4401, 'signed out');
          continue;
        }
        watcher.me = me;
      }
      for (const topic of [...watcher.topics]) {
        const [kind, id] = readTopic(topic);
        if (await mayWatch(app, watcher, kind, id)) continue;
        this.#leave(watcher, topic);
        this.#send(watcher, { kind: 'refused', topic, code: 'not-allowed' });
      }
    }
  }

  /** Ends every connection; clients come back to the next server. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#again) clearTimeout(this.#again);
    this.#codes.close();
    this.#boards.close();
    for (const { socket } of this.#watchers) socket.close(1012, 'restarting');
  }
}

type TopicKind = keyof typeof topicPermissions;

const readTopic = (topic: string) => topic.split(':', 2) as [TopicKind, SessionId];

async function mayWatch(
  { store }: App,
  { me }: Watcher,
  kind: TopicKind,
  session: SessionId,
): Promise<boolean> {
  const needs = topicPermissions[kind];
  if (me.must || reachOf(needs, me.roles) === 'never') return false;
  return (await checkSession(store, needs, me, session)).ok;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
