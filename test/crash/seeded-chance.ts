/** Chance that a failed run can have again: numbers from a seed (mulberry32). */
export class SeededChance {
  readonly seed: number;
  #state: number;

  constructor(seed = Number(process.env.MUSTER_CRASH_SEED ?? Date.now() % 2 ** 32)) {
    this.seed = seed;
    this.#state = seed;
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  shuffle<T>(list: readonly T[]): T[] {
    const left = [...list];
    for (let end = left.length - 1; end > 0; end -= 1) {
      const other = this.between(0, end);
      [left[end], left[other]] = [left[other] as T, left[end] as T];
    }
    return left;
  }
}
