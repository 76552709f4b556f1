import type { WebSocket } from 'ws';
import type { SessionId, StreamName } from '../core/brand.ts';
import { type LiveFrame, liveRequest } from '../core/live.wire.ts';
import type { SignedIn } from '../store/sign-in.ts';
import { loadSignIn } from '../store/sign-in.ts';
import { sessionOf } from '../store/store.ts';
import type { App } from './app.ts';
import { presentChanges } from './board.ts';
import { mayHostSession, operator } from './gate.ts';
import { CodeTopics } from './live-code.ts';

/** Changes within this time travel in one frame. */
const coalesceMs = 30;
const maxTopics = 20;
const maxRequestsPerSecond = 50;
/** A watcher that lets this much pile up is cut off; it comes back and is backfilled. */
const maxBuffered = 8 * 1024 * 1024;
const recheckMs = 60_000;

interface Watcher {
  readonly socket: WebSocket;
  me: SignedIn;
  readonly topics: Set<string>;
  requests: number;
}

interface Topic {
  readonly session: SessionId;
  /** Everything up to here has been sent to every settled watcher. */
  cursor: number;
  readonly settled: Set<Watcher>;
  timer: NodeJS.Timeout | null;
  sending: boolean;
}

/** The live channel: who watches what, and what they have. The ledger is the truth, a wake-up only says "look". */
export class LiveHub {
  #app: App | null = null;
  readonly #watchers = new Set<Watcher>();
  readonly #topics = new Map<string, Topic>();
  readonly #codes = new CodeTopics<Watcher>((watcher, frame) => this.#send(watcher, frame));
  readonly #timer = setInterval(() => void this.recheck(), recheckMs).unref();

  /** The hub is part of the app and needs it: set once, by the composition root. */
  attach(app: App): void {
    this.#app = app;
    this.#codes.attach(app);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Takes over a connection whose upgrade was authorised. */
  accept(socket: WebSocket, me: SignedIn): void {
    const watcher: Watcher = { socket, me, topics: new Set(), requests: 0 };
    this.#watchers.add(watcher);
    const calm = setInterval(() => {
      watcher.requests = 0;
    }, 1_000).unref();
    socket.on('message', (data) => {
      watcher.requests += 1;
      if (watcher.requests > maxRequestsPerSecond) socket.close(1008, 'too many requests');
      else this.#hear(watcher, String(data)).catch((error) => this.#fail(watcher, error));
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
    const [kind, id] = topic.split(':', 2) as [string, SessionId];
    const known = kind === 'session' || kind === 'code';
    const allowed = known && (await mayHostSession(app.store, watcher.me, id)).ok;
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
    else await this.#join(watcher, id, request.since);
  }

  /** Backfills until the watcher has what everybody has, then lets it share the common frames. */
  async #join(watcher: Watcher, session: SessionId, since: number): Promise<void> {
    const app = this.#app as App;
    const name = `session:${session}`;
    let have = since;
    for (;;) {
      const frame = await presentChanges(app, session, have);
      const topic = this.#topics.get(name);
      if (!watcher.topics.has(name)) return;
      this.#send(watcher, frame);
      have = frame.seq;
      if (!topic) {
        this.#topics.set(name, {
          session,
          cursor: have,
          settled: new Set([watcher]),
          timer: null,
          sending: false,
        });
        return;
      }
      if (have >= topic.cursor) {
        topic.settled.add(watcher);
        return;
      }
    }
  }

  #leave(watcher: Watcher, name: string): void {
    watcher.topics.delete(name);
    this.#codes.leave(watcher, name);
    const topic = this.#topics.get(name);
    topic?.settled.delete(watcher);
    if (topic && topic.settled.size === 0 && !topic.sending) {
      if (topic.timer) clearTimeout(topic.timer);
      this.#topics.delete(name);
    }
  }

  /** Streams grew: whoever watches them looks, once for all that happens within a moment. */
  wake(streams: readonly StreamName[]): void {
    for (const stream of streams) {
      const session = sessionOf(stream);
      if (session === null) continue;
      this.#codes.refresh(session);
      const topic = this.#topics.get(`session:${session}`);
      if (topic && !topic.timer)
        topic.timer = setTimeout(() => void this.#flush(topic), coalesceMs);
    }
  }

  /** The people of a group changed: its boards load themselves anew. */
  reloadBoards(sessions: readonly SessionId[]): void {
    for (const session of sessions) {
      const topic = this.#topics.get(`session:${session}`);
      if (!topic) continue;
      const { cursor } = topic;
      this.#broadcast(topic, {
        kind: 'board',
        topic: `session:${session}`,
        from: cursor,
        seq: cursor,
        people: [],
        gone: [],
        reload: true,
        serverTime: (this.#app as App).store.clock.now(),
      });
    }
  }

  /** Sessions that somebody watches now. */
  watched(): SessionId[] {
    return [...this.#topics.values()].map(({ session }) => session);
  }

  async #flush(topic: Topic): Promise<void> {
    if (topic.sending) {
      topic.timer = setTimeout(() => void this.#flush(topic), coalesceMs);
      return;
    }
    topic.timer = null;
    topic.sending = true;
    try {
      const frame = await presentChanges(this.#app as App, topic.session, topic.cursor);
      if (frame.seq > topic.cursor) {
        topic.cursor = frame.seq;
        this.#broadcast(topic, frame);
      }
    } catch (error) {
      this.#app?.log.error({ err: error }, 'live channel');
    } finally {
      topic.sending = false;
    }
  }

  #broadcast(topic: Topic, frame: LiveFrame): void {
    const data = Buffer.from(JSON.stringify(frame));
    for (const { socket } of topic.settled) {
      if (socket.bufferedAmount > maxBuffered) socket.terminate();
      else socket.send(data, { binary: false });
    }
  }

  #send({ socket }: Watcher, frame: LiveFrame): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  }

  /** Asks for every connection anew whether it may still watch: after sign-outs, changes of roles or hosts. */
  async recheck(): Promise<void> {
    const app = this.#app;
    if (!app) return;
    for (const watcher of [...this.#watchers]) {
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
        const session = topic.slice(topic.indexOf(':') + 1) as SessionId;
        if ((await mayHostSession(app.store, watcher.me, session)).ok) continue;
        this.#leave(watcher, topic);
        this.#send(watcher, { kind: 'refused', topic, code: 'not-allowed' });
      }
    }
  }

  /** Ends every connection; clients come back to the next server. */
  close(): void {
    clearInterval(this.#timer);
    this.#codes.close();
    for (const topic of this.#topics.values()) if (topic.timer) clearTimeout(topic.timer);
    for (const { socket } of this.#watchers) socket.close(1012, 'restarting');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
