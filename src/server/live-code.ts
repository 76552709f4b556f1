import type { SessionId, StreamName } from '../core/brand.ts';
import { makeToken, makeTypedCode, slotAt, typedStepMs } from '../core/code.ts';
import type { CodeFrame } from '../core/live.wire.ts';
import { loadSession } from '../store/session.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';
import { originFor } from './board.ts';

const soonMs = 20;
/** From one code to the next of a session: its stream grows all the time while a class checks in. */
const betweenMs = 200;

interface CodeTopic<Watcher> {
  readonly session: SessionId;
  readonly watchers: Set<Watcher>;
  timer: NodeJS.Timeout | null;
  /** The timer is that of a refresh: a further one must not put it off. */
  isSoon: boolean;
  /** When the last round began, on the process's own clock. */
  toldAt: number;
}

/** Sends each slot's code to the boards that show it, on the server's clock. */
export class CodeTopics<Watcher> {
  readonly #send: (watcher: Watcher, frame: CodeFrame) => void;
  readonly #topics = new Map<SessionId, CodeTopic<Watcher>>();
  #app: App | null = null;

  constructor(send: (watcher: Watcher, frame: CodeFrame) => void) {
    this.#send = send;
  }

  attach(app: App): void {
    this.#app = app;
  }

  async join(watcher: Watcher, session: SessionId): Promise<void> {
    const topic = this.#topics.get(session) ?? {
      session,
      watchers: new Set<Watcher>(),
      timer: null,
      isSoon: false,
      toldAt: Number.NEGATIVE_INFINITY,
    };
    topic.watchers.add(watcher);
    this.#topics.set(session, topic);
    if (!topic.timer) return this.#tick(topic);
    this.#send(watcher, await presentCode(this.#app as App, session));
  }

  leave(watcher: Watcher, name: string): void {
    const session = name.slice(name.indexOf(':') + 1) as SessionId;
    const topic = name.startsWith('code:') ? this.#topics.get(session) : undefined;
    if (!topic) return;
    topic.watchers.delete(watcher);
    if (topic.watchers.size > 0) return;
    if (topic.timer) clearTimeout(topic.timer);
    this.#topics.delete(session);
  }

  /** A code is made anew at each change: there is no sequence that it is made of. */
  *watched(): Generator<[StreamName, number]> {
    for (const session of this.#topics.keys()) {
      yield [sessionStream(session), Number.POSITIVE_INFINITY];
    }
  }

  /** Something about the session changed (refreshed, paused, closed, another address): show it at once. */
  refresh(session: SessionId): void {
    const topic = this.#topics.get(session);
    if (!topic?.timer || topic.isSoon) return;
    this.#plan(topic, Math.max(soonMs, topic.toldAt + betweenMs - performance.now()));
    topic.isSoon = true;
  }

  async #tick(topic: CodeTopic<Watcher>): Promise<void> {
    const app = this.#app as App;
    // held by a timer from the start, so that a second watcher does not begin a second round
    topic.timer ??= setTimeout(() => {}, 0);
    topic.isSoon = false;
    topic.toldAt = performance.now();
    try {
      const frame = await presentCode(app, topic.session);
      for (const watcher of topic.watchers) this.#send(watcher, frame);
      if (!this.#isWatched(topic)) return;
      const wait = Math.max(20, frame.changesAt - app.store.clock.now() + 2);
      if (!topic.isSoon) this.#plan(topic, wait);
    } catch (error) {
      if (!this.#isWatched(topic)) return;
      app.databaseAway.log(error, 'rotating code');
      if (!topic.isSoon) this.#plan(topic, 1_000);
    }
  }

  /** One round is planned at a time: rounds that overlap would otherwise each go on for ever. */
  #plan(topic: CodeTopic<Watcher>, ms: number): void {
    if (topic.timer) clearTimeout(topic.timer);
    topic.timer = setTimeout(() => void this.#tick(topic), ms);
  }

  /** Left by everybody, or closed, while a round was under way: the next one must not come. */
  #isWatched(topic: CodeTopic<Watcher>): boolean {
    return topic.watchers.size > 0 && this.#topics.get(topic.session) === topic;
  }

  close(): void {
    for (const { timer } of this.#topics.values()) if (timer) clearTimeout(timer);
    this.#topics.clear();
  }
}

/** The code of this moment, and when the next one comes. */
export async function presentCode(app: App, id: SessionId): Promise<CodeFrame> {
  const { store } = app;
  const session = await loadSession(store, store.engine.read, id);
  const now = store.clock.now();
  const stepMs = session?.stepMs ?? 5_000;
  const base = { kind: 'code' as const, topic: `code:${id}`, stepMs, serverTime: now };
  if (session?.state !== 'open' || session.paused || session.code === null) {
    return { ...base, token: null, url: null, typed: null, changesAt: now + 60_000 };
  }
  const secret = store.vault.codeSecret(id, session.codeEpoch);
  const slot = slotAt(now, stepMs);
  const token = makeToken(secret, session.code, slot);
  const typedEnds = (slotAt(now, typedStepMs) + 1) * typedStepMs;
  return {
    ...base,
    token,
    url: `${originFor(app, session)}/${token}`,
    typed: session.typedCode ? makeTypedCode(secret, now) : null,
    changesAt: Math.min((slot + 1) * stepMs, typedEnds),
  };
}
