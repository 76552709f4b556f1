/** Entries compared before others get a turn. */
const run = 256;

/**
 * A list that stays sorted: sorted once in small steps, then each change finds its place by halving. Equal entries are
 * told apart by the comparison itself, which must be a total order.
 */
export class SortedList<T> {
  readonly #compare: (left: T, right: T) => number;
  #list: T[] = [];

  constructor(compare: (left: T, right: T) => number) {
    this.#compare = compare;
  }

  get list(): readonly T[] {
    return this.#list;
  }

  /** Takes these entries for all; `breathe` is called between steps. */
  async fill(entries: readonly T[], breathe: () => Promise<void>): Promise<void> {
    let runs: T[][] = [];
    for (let start = 0; start < entries.length; start += run) {
      runs.push(entries.slice(start, start + run).sort(this.#compare));
      await breathe();
    }
    while (runs.length > 1) {
      const merged: T[][] = [];
      for (let index = 0; index < runs.length; index += 2) {
        merged.push(await this.#merge(runs[index] as T[], runs[index + 1] ?? [], breathe));
      }
      runs = merged;
    }
    this.#list = runs[0] ?? [];
  }

  insert(entry: T): void {
    this.#list.splice(this.#placeOf(entry), 0, entry);
  }

  remove(entry: T): void {
    const place = this.#placeOf(entry);
    if (this.#list[place] === entry) this.#list.splice(place, 1);
  }

  #placeOf(entry: T): number {
    let [low, high] = [0, this.#list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#list[middle] as T, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async #merge(left: T[], right: T[], breathe: () => Promise<void>): Promise<T[]> {
    const merged: T[] = [];
    let [l, r] = [0, 0];
    while (l < left.length || r < right.length) {
      const takeLeft =
        r >= right.length || (l < left.length && this.#compare(left[l] as T, right[r] as T) <= 0);
      merged.push((takeLeft ? left[l++] : right[r++]) as T);
      if (merged.length % run === 0) await breathe();
    }
    return merged;
  }
}
