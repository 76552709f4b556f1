import type { SessionId, StreamName } from '../core/brand.ts';
import type { LiveFrame } from '../core/live.wire.ts';
import { loadSession } from '../store/session.ts';
import { groupStream, sessionStream } from '../store/store.ts';
import type { App } from './app.ts';
import { Backfills } from './backfill.ts';
import { presentChanges } from './board.ts';

/** A change after a quiet time leaves after this; what comes with it travels in the same frame. */
const gatherMs = 5;
/** From one frame to the next of a board: a rush costs its watchers at most so many frames. */
const frameMs = 60;
const reloadMs = 500;

interface BoardTopic<Watcher> {
  readonly session: SessionId;
  /** Everything up to here has been sent to every settled watcher. */
  cursor: number;
  readonly settled: Set<Watcher>;
  timer: NodeJS.Timeout | null;
  sending: boolean;
  /** When the last frame left, on the process's own clock. */
  sentAt: number;
}

/** How frames leave: one text, built once, to whoever needs it. */
type Delivery<Watcher> = (watchers: Iterable<Watcher>, data: Buffer) => void;

/** Boards that are watched: each watcher is backfilled from the ledger, then shares the common frames. */
export class BoardTopics<Watcher> {
  readonly #deliver: Delivery<Watcher>;
  readonly #topics = new Map<string, BoardTopic<Watcher>>();
  readonly #backfills = new Backfills();
  readonly #changed = new Set<StreamName>();
  #reload: NodeJS.Timeout | null = null;
  #app: App | null = null;

  constructor(deliver: Delivery<Watcher>) {
    this.#deliver = deliver;
  }

  attach(app: App): void {
    this.#app = app;
  }

  /**
   * Backfills until the watcher has what everybody has.
   * @param wants whether the watcher still wants the topic: it may leave while the ledger is read
   */
  async join(
    watcher: Watcher,
    session: SessionId,
    since: number,
    wants: () => boolean,
  ): Promise<void> {
    const app = this.#app as App;
    const name = `session:${session}`;
    let have = since;
    for (;;) {
      const from = have;
      const { seq, data } = await this.#backfills.read(`${session}/${from}`, () =>
        presentChanges(app, session, from),
      );
      if (!wants()) return;
      this.#deliver([watcher], data);
      have = seq;
      const topic = this.#topics.get(name);
      if (!topic) {
        const settled = new Set([watcher]);
        this.#topics.set(name, {
          session,
          cursor: have,
          settled,
          timer: null,
          sending: false,
          sentAt: 0,
        });
        // what was committed between the reading and this line woke nobody
        this.wake(session);
        return;
      }
      if (have >= topic.cursor) {
        topic.settled.add(watcher);
        return;
      }
    }
  }

  leave(watcher: Watcher, name: string): void {
    const topic = this.#topics.get(name);
    topic?.settled.delete(watcher);
    if (!topic || topic.settled.size > 0) return;
    if (topic.timer) clearTimeout(topic.timer);
    this.#topics.delete(name);
  }

  *watched(): Generator<[StreamName, number]> {
    for (const { session, cursor } of this.#topics.values()) yield [sessionStream(session), cursor];
  }

  /** A session's stream grew: its watchers look, once for all that happens within a moment. */
  wake(session: SessionId): void {
    const topic = this.#topics.get(`session:${session}`);
    if (topic) this.#plan(topic);
  }

  #plan(topic: BoardTopic<Watcher>): void {
    const wait = Math.max(gatherMs, topic.sentAt + frameMs - performance.now());
    topic.timer ??= setTimeout(() => void this.#flush(topic), wait);
  }

  /** A group changed: boards that show it load themselves anew, once for a whole import. */
  reload(stream: StreamName): void {
    this.#changed.add(stream);
    this.#reload ??= setTimeout(() => void this.#sendReload(), reloadMs);
  }

  async #sendReload(): Promise<void> {
    const app = this.#app as App;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    this.#reload = null;
    try {
      await this.#sendReloadOf(app, changed);
    } catch (error) {
      app.databaseAway.log(error, 'live channel');
      if (app.databaseAway.isShared(error)) for (const stream of changed) this.reload(stream);
    }
  }

  async #sendReloadOf(app: App, changed: ReadonlySet<StreamName>): Promise<void> {
    for (const topic of [...this.#topics.values()]) {
      const session = await loadSession(app.store, app.store.engine.read, topic.session);
      if (!session?.group || !changed.has(groupStream(session.group))) continue;
      this.#broadcast(topic, {
        kind: 'board',
        topic: `session:${session.id}`,
        from: topic.cursor,
        seq: topic.cursor,
        people: [],
        gone: [],
        reload: true,
        serverTime: app.store.clock.now(),
      });
    }
  }

  async #flush(topic: BoardTopic<Watcher>): Promise<void> {
    topic.timer = null;
    if (topic.sending) {
      this.#plan(topic);
      return;
    }
    topic.sending = true;
    try {
      const frame = await presentChanges(this.#app as App, topic.session, topic.cursor);
      if (frame.seq > topic.cursor) {
        topic.cursor = frame.seq;
        topic.sentAt = performance.now();
        this.#broadcast(topic, frame);
      }
    } catch (error) {
      this.#app?.databaseAway.log(error, 'live channel');
      topic.timer = setTimeout(() => void this.#flush(topic), 1_000);
    } finally {
      topic.sending = false;
    }
  }

  #broadcast(topic: BoardTopic<Watcher>, frame: LiveFrame): void {
    this.#deliver(topic.settled, Buffer.from(JSON.stringify(frame)));
  }

  close(): void {
    if (this.#reload) clearTimeout(this.#reload);
    for (const { timer } of this.#topics.values()) if (timer) clearTimeout(timer);
    this.#topics.clear();
  }
}
