/** A frame that brings a watcher up to `seq`, as it is sent. */
export interface Backfill {
  readonly seq: number;
  readonly data: Buffer;
}

/** So many are read and written out at a time: a load balancer that turns over brings hundreds of boards at once. */
const atOnce = 4;

/** Watchers who ask for the same while it is being read share it, and few readings go on at a time. */
export class Backfills {
  readonly #running = new Map<string, Promise<Backfill>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  /** @param about the same for those who need the same */
  read(about: string, work: () => Promise<{ readonly seq: number }>): Promise<Backfill> {
    let running = this.#running.get(about);
    if (!running) {
      running = this.#inTurn(work).finally(() => this.#running.delete(about));
      this.#running.set(about, running);
    }
    return running;
  }

  async #inTurn(work: () => Promise<{ readonly seq: number }>): Promise<Backfill> {
    if (this.#active >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#active += 1;
    try {
      const frame = await work();
      return { seq: frame.seq, data: Buffer.from(JSON.stringify(frame)) };
    } finally {
      // the place passes on to the next who waits
      const next = this.#waiting.shift();
      if (next) next();
      else this.#active -= 1;
    }
  }
}
