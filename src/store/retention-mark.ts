import type { EventKind } from '../core/retention.ts';
import { commit } from './ledger.ts';
import type { DuePage } from './retention-event.ts';
import type { Store } from './store.ts';

/** Streams of one transaction. */
const marksAtOnce = 100;

/** How far the streams are done with, written a few at a time. */
export class RetentionMarks {
  readonly #store: Store;
  readonly #kind: EventKind;
  #waiting: DuePage[] = [];

  constructor(store: Store, kind: EventKind) {
    this.#store = store;
    this.#kind = kind;
  }

  async set(page: DuePage): Promise<void> {
    this.#waiting = [...this.#waiting.filter(({ stream }) => stream !== page.stream), page];
    if (this.#waiting.length >= marksAtOnce) await this.flush();
  }

  async flush(): Promise<void> {
    const pages = this.#waiting;
    this.#waiting = [];
    if (pages.length === 0) return;
    const { engine, organisation } = this.#store;
    const kind = this.#kind;
    const rows = pages.map(({ stream, done }) => ({ organisation, kind, stream, seq: done }));
    await commit(this.#store, ({ tx }) =>
      engine.upsertMany(tx, 'retention_mark', ['organisation', 'kind', 'stream'], rows),
    );
  }
}
