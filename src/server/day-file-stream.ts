import type { Instant, StreamName } from '../core/brand.ts';
import { localDate } from '../core/local-time.ts';
import { listLatelyStreams, walkSessionHeads } from '../store/head.ts';
import type { App } from './app.ts';

const dayMs = 24 * 3_600_000;
/** A mark in a session of an older day, of which no message came, is in its file by then. */
const everythingMs = 5 * 60_000;

/** The sessions that day files are made of, for whoever follows other instances: nobody may be watching them. */
export class DayFileStreams {
  readonly #app: Pick<App, 'store' | 'settings'>;
  readonly #everyMs: number;
  #heads: Map<StreamName, number> | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @param everyMs from one look at all sessions to the next */
  constructor(app: Pick<App, 'store' | 'settings'>, everyMs = everythingMs) {
    this.#app = app;
    this.#everyMs = everyMs;
  }

  /** Sessions that are open or of these days; every few minutes all that grew besides. */
  async list(): Promise<Set<StreamName>> {
    const { store, settings } = this.#app;
    const { dayFiles, zone } = settings.current;
    if (!dayFiles) return new Set();
    const now = store.clock.now();
    const dates = [-1, 0, 1].map((day) => localDate((now + day * dayMs) as Instant, zone));
    const streams = await listLatelyStreams(store, dates);
    if (performance.now() - this.#lookedAt < this.#everyMs) return streams;
    for (const stream of await this.#listGrown()) streams.add(stream);
    this.#lookedAt = performance.now();
    return streams;
  }

  async #listGrown(): Promise<StreamName[]> {
    const before = this.#heads;
    const heads = new Map<StreamName, number>();
    const grown: StreamName[] = [];
    for await (const page of walkSessionHeads(this.#app.store)) {
      for (const { stream, seq } of page) {
        heads.set(stream, seq);
        if (before && (before.get(stream) ?? 0) < seq) grown.push(stream);
      }
    }
    this.#heads = heads;
    return grown;
  }
}
