import { type Refusal, refuse } from '../core/refusal.ts';

type Call = (hasTurn: boolean) => void;

/**
 * So many at once. The others wait, each behind those of the same origin, and origins take turns; where too many wait,
 * the last of the origin that has the most is refused: `busy`. So one origin cannot keep the others out.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  #running = 0;
  #waiting = 0;
  /** By origin; the first has the next turn. */
  readonly #queues = new Map<string, Call[]>();

  constructor({ atOnce, waiting }: { atOnce: number; waiting: number }) {
    this.#atOnce = atOnce;
    this.#maxWaiting = waiting;
  }

  /** How many have their turn now. */
  get running(): number {
    return this.#running;
  }

  /** @param origin who wants it, such as a network; the same for everybody where nobody says */
  async take<T>(work: () => Promise<T>, origin = ''): Promise<T | Refusal> {
    if (this.#running >= this.#atOnce) {
      if (!(await this.#wait(origin))) return refuse('busy');
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // the place passes on to the next who waits
      const next = this.#next();
      if (next) next(true);
      else this.#running -= 1;
    }
  }

  /** Whether a turn came. */
  #wait(origin: string): Promise<boolean> {
    if (this.#waiting >= this.#maxWaiting && !this.#makeRoom(origin)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const queue = this.#queues.get(origin);
      if (queue) queue.push(resolve);
      else this.#queues.set(origin, [resolve]);
      this.#waiting += 1;
    });
  }

  /** Sends away the last of the longest queue, where that is not of this origin. */
  #makeRoom(origin: string): boolean {
    const own = this.#queues.get(origin) ?? [];
    let longest: Call[] = [];
    for (const queue of this.#queues.values()) if (queue.length > longest.length) longest = queue;
    // with the newcomer it would be as long as theirs
    const last = longest.length > own.length + 1 ? longest.pop() : undefined;
    if (!last) return false;
    this.#waiting -= 1;
    last(false);
    return true;
  }

  #next(): Call | undefined {
    const [first] = this.#queues;
    if (!first) return undefined;
    const [origin, queue] = first;
    const next = queue.shift();
    this.#queues.delete(origin);
    if (queue.length > 0) this.#queues.set(origin, queue);
    if (next) this.#waiting -= 1;
    return next;
  }
}
