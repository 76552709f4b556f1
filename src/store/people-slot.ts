import type { Indexed } from './people-index.ts';
import { PeopleSketches, sketchWanted } from './people-sketch.ts';

/** People who are looked at before others get a turn: a millisecond at most. */
const piece = 1_024;

/** Places of people that a change gave up and took. */
export interface Moved {
  readonly gone: readonly number[];
  readonly come: readonly number[];
}

/**
 * Where everybody stands in memory. Whoever changes gets another place, so that the one before keeps its order in sorted
 * lists until it is given up; whoever searches meanwhile finds everybody as they were when the search began.
 */
export class PeopleSlots {
  readonly #entries: (Indexed | undefined)[] = [];
  readonly #sketches = new PeopleSketches();
  readonly #slots = new Map<string, number>();
  readonly #free: number[] = [];
  #searches = 0;
  /** Given up while somebody searched. */
  #leaving: number[] = [];

  get size(): number {
    return this.#slots.size;
  }

  all(): Iterable<number> {
    return this.#slots.values();
  }

  at(slot: number): Indexed {
    return this.#entries[slot] as Indexed;
  }

  /** Puts these entries in the place of what was known of these people. `gone` is to be given up (`free`). */
  replace(people: readonly string[], entries: readonly Indexed[]): Moved {
    const gone = people.flatMap((person) => this.#slots.get(person) ?? []);
    for (const person of people) this.#slots.delete(person);
    const come = entries.map((entry) => {
      const slot = this.#free.pop() ?? this.#entries.length;
      this.#entries[slot] = entry;
      this.#sketches.set(slot, entry.text, entry.state);
      this.#slots.set(entry.person, slot);
      return slot;
    });
    return { gone, come };
  }

  free(gone: readonly number[]): void {
    for (const slot of gone) this.#leaving.push(slot);
    if (this.#searches > 0) return;
    for (const slot of this.#leaving) {
      this.#entries[slot] = undefined;
      this.#free.push(slot);
    }
    this.#leaving = [];
  }

  clear(): void {
    this.free([...this.#slots.values()]);
    this.#slots.clear();
  }

  /**
   * Shows everybody in this order who may match these words, a piece at a time.
   * @param breathe gives others a turn
   */
  async search(
    order: readonly number[],
    wanted: Parameters<typeof sketchWanted>,
    show: (entry: Indexed) => void,
    breathe: () => Promise<void>,
  ): Promise<void> {
    const sketch = sketchWanted(...wanted);
    const slots = order.slice();
    this.#searches += 1;
    try {
      for (let index = 0; index < slots.length; index += 1) {
        if (index % piece === 0) await breathe();
        const slot = slots[index] as number;
        const entry = this.#sketches.matches(slot, sketch) ? this.#entries[slot] : undefined;
        if (entry) show(entry);
      }
    } finally {
      this.#searches -= 1;
      this.free([]);
    }
  }
}
