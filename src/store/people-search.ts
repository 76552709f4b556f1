import type { PeopleSort } from '../core/people.wire.ts';
import { listEventsOf } from './event.ts';
import { loadHeads } from './head.ts';
import { type Indexed, indexPerson, rank } from './people-index.ts';
import { SortedList } from './people-order.ts';
import { type Moved, PeopleSlots } from './people-slot.ts';
import { loadPeople } from './person.ts';
import { peopleStream, type Store } from './store.ts';

/** People that are opened at once: a few milliseconds. */
const chunk = 250;
/** Events of one look at the ledger. */
const eventsAtOnce = 5_000;
/** More changes than these, and sorting anew is cheaper than finding a place for each. */
const manyChanges = 1_000;
/** After something happened to people, the index follows within this time, also where nobody searches. */
const followMs = 250;

const types = [
  'person.added',
  'person.changed',
  'person.merged',
  'person.erased',
  'person.deactivated',
  'person.reactivated',
];

/** Whom to look for; words are folded (`foldQuery`). */
export interface Wanted {
  readonly words: readonly string[];
  readonly state: 'active' | 'inactive' | 'all';
  /** Nobody else than these. */
  readonly among: ReadonlySet<string> | null;
  /** None of these. */
  readonly except: ReadonlySet<string> | null;
  /** Undefined: best first, or by name where there are no words. */
  readonly sort: PeopleSort | undefined;
}

interface Ports {
  /** Compares names, or numbers, as the organisation's language does. */
  readonly compareNames: (left: string, right: string) => number;
  readonly compareNumbers: (left: string, right: string) => number;
  /** Gives others a turn. */
  readonly breathe: () => Promise<void>;
}

/**
 * Names and other fields of all people of the organisation, folded, in memory: what is sealed cannot be searched where
 * it lies. Read at the first search, in the background; afterwards it follows the stream of people, whoever writes to
 * it. Who is erased leaves it as soon as that is seen.
 */
export class PeopleSearch {
  readonly #store: Store;
  readonly #ports: Ports;
  readonly #slots = new PeopleSlots();
  readonly #byName: SortedList<number>;
  readonly #byNumber: SortedList<number>;
  readonly #byAge: SortedList<number>;
  /** Places that sorted lists still hold. */
  #gone: number[] = [];
  #seen = 0;
  #expected = 1;
  #built = false;
  #building: Promise<void> | null = null;
  #following: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  constructor(store: Store, ports: Ports) {
    this.#store = store;
    this.#ports = ports;
    const tie = (left: Indexed, right: Indexed) =>
      left.person < right.person ? -1 : left.person > right.person ? 1 : 0;
    const sorted = (compare: (left: Indexed, right: Indexed) => number) =>
      new SortedList<number>((leftSlot, rightSlot) => {
        const [left, right] = [this.#slots.at(leftSlot), this.#slots.at(rightSlot)];
        return compare(left, right) || tie(left, right);
      });
    this.#byName = sorted((left, right) => ports.compareNames(left.name, right.name));
    this.#byNumber = sorted((left, right) => ports.compareNumbers(left.number, right.number));
    this.#byAge = sorted((left, right) => left.addedAt - right.addedAt);
  }

  /**
   * Waits until the index is there and up to date, for so long at most.
   * @returns how much of it is there: 1 is all
   */
  async ready(waitMs: number): Promise<number> {
    if (!this.#built) {
      this.#building ??= this.#build().finally(() => {
        this.#building = null;
      });
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, waitMs);
      await Promise.race([this.#building, late]);
      clearTimeout(timer);
      this.#building?.catch(() => {});
      if (!this.#built) return Math.min(0.99, this.#slots.size / this.#expected);
    }
    await this.#follow();
    return 1;
  }

  /** Something happened to people: the index follows soon, where there is one. */
  wake(): void {
    if (!this.#built || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // what fails here is found at the next search
      this.#follow().catch(() => {});
    }, followMs).unref();
  }

  /** Everybody who is wanted, in order; others get their turn meanwhile. */
  async find({ words, state, among, except, sort }: Wanted): Promise<Indexed[]> {
    const best: Indexed[][] = [[], [], [], []];
    await this.#slots.search(
      this.#orderOf(sort),
      [words, state],
      (entry) => {
        if (among && !among.has(entry.person)) return;
        if (except?.has(entry.person)) return;
        const place = words.length === 0 ? 0 : rank(entry, words);
        if (place !== null) best[sort ? 0 : place]?.push(entry);
      },
      this.#ports.breathe,
    );
    const found = best.flat();
    return sort?.startsWith('-') ? found.reverse() : found;
  }

  #orderOf(sort: PeopleSort | undefined): readonly number[] {
    if (sort === 'number' || sort === '-number') return this.#byNumber.list;
    if (sort === 'added' || sort === '-added') return this.#byAge.list;
    return this.#byName.list;
  }

  async #build(): Promise<void> {
    const { engine, organisation } = this.#store;
    this.#slots.clear();
    this.#seen = (await loadHeads(this.#store, [peopleStream])).get(peopleStream) ?? 0;
    const { count } = await engine.read
      .selectFrom('person')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('organisation', '=', organisation)
      .where('guest_of', 'is', null)
      .executeTakeFirstOrThrow();
    this.#expected = Math.max(1, Number(count));
    for (let last = ''; ; ) {
      const rows = await engine.read
        .selectFrom('person')
        .select('person')
        .where('organisation', '=', organisation)
        .where('person', '>', last)
        .where('guest_of', 'is', null)
        .orderBy('person')
        .limit(chunk)
        .execute();
      await this.#load(rows.map(({ person }) => person));
      await this.#ports.breathe();
      last = rows.at(-1)?.person ?? '';
      if (rows.length < chunk) break;
    }
    await this.#sort();
    this.#built = true;
  }

  async #sort(): Promise<void> {
    const slots = [...this.#slots.all()];
    for (const list of this.#lists) await list.fill(slots, this.#ports.breathe);
    this.#slots.free(this.#gone.splice(0));
  }

  get #lists() {
    return [this.#byName, this.#byNumber, this.#byAge];
  }

  /** Reads these people anew; who is gone, or is a guest, is left out. */
  async #load(people: readonly string[]): Promise<Moved> {
    if (people.length === 0) return { gone: [], come: [] };
    const found: Indexed[] = [];
    for (const known of await loadPeople(this.#store, this.#store.engine.read, {
      person: people,
    })) {
      if (known.row.guest_of !== null) continue;
      found.push(indexPerson(known.person, known.row.state, known.row.added_at, known));
    }
    return this.#slots.replace(people, found);
  }

  /** Takes up what happened since; one at a time. */
  #follow(): Promise<void> {
    const next = this.#following.then(() => this.#catchUp());
    this.#following = next.catch(() => {});
    return next;
  }

  async #catchUp(): Promise<void> {
    const head = (await loadHeads(this.#store, [peopleStream])).get(peopleStream) ?? 0;
    while (this.#seen < head) {
      const upTo = Math.min(head, this.#seen + eventsAtOnce);
      const events = await listEventsOf(this.#store, peopleStream, {
        after: this.#seen,
        head: upTo,
        types,
      });
      await this.#take(events.flatMap(({ subject, alias }) => [subject ?? [], alias ?? []].flat()));
      this.#seen = upTo;
    }
  }

  async #take(people: readonly string[]): Promise<void> {
    const changed = [...new Set(people)];
    const isMany = changed.length > manyChanges || this.#gone.length > 0;
    for (let start = 0; start < changed.length; start += chunk) {
      const { gone, come } = await this.#load(changed.slice(start, start + chunk));
      if (isMany) {
        this.#gone.push(...gone);
      } else {
        for (const list of this.#lists) {
          for (const slot of gone) list.remove(slot);
          for (const slot of come) list.insert(slot);
        }
        this.#slots.free(gone);
      }
      await this.#ports.breathe();
    }
    if (isMany) await this.#sort();
  }
}
