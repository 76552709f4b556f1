import type { PersonId } from '../core/brand.ts';
import type { Identity } from '../core/identity.ts';
import { loadGroupName } from './group-name.ts';
import type { Store } from './store.ts';

/** A person as pages show them. `erased` people keep their place and lose their name. */
export interface Known extends Identity {
  readonly id: PersonId;
  readonly guest: boolean;
  readonly state: string;
}

const chunk = 500;
const groupNameMs = 5_000;
/** More than these are not held: strangers can come as guests without end. */
const maxKnown = 100_000;

/** Names and numbers, opened once and held in memory; whoever changes or erases a person, or hears of it, calls `forget`. */
export class Directory {
  readonly #store: Store;
  readonly #known = new Map<string, Known>();
  readonly #groups = new Map<string, { name: string; until: number }>();
  /** Counts what was forgotten: whoever was being read meanwhile is not held. */
  #forgotten = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  forget(person: string): void {
    this.#forgotten += 1;
    this.#known.delete(person);
    this.#store.vault.forget(person);
  }

  forgetAll(): void {
    this.#forgotten += 1;
    this.#known.clear();
  }

  forgetGroup(group: string): void {
    this.#forgotten += 1;
    this.#groups.delete(group);
  }

  /** What a group is called, at most five seconds ago. */
  async groupName(group: string): Promise<string> {
    const now = this.#store.clock.now();
    const known = this.#groups.get(group);
    if (known && known.until > now) return known.name;
    const before = this.#forgotten;
    const name = (await loadGroupName(this.#store, group)) ?? '';
    if (this.#forgotten === before) this.#groups.set(group, { name, until: now + groupNameMs });
    return name;
  }

  /** The people of these ids; one who does not exist is left out. */
  async get(ids: Iterable<string>): Promise<Map<PersonId, Known>> {
    const found = new Map<PersonId, Known>();
    const wanted: string[] = [];
    for (const id of new Set(ids)) {
      const known = this.#known.get(id);
      if (known) found.set(known.id, known);
      else wanted.push(id);
    }
    if (this.#known.size + wanted.length > maxKnown) this.#known.clear();
    for (let start = 0; start < wanted.length; start += chunk) {
      const before = this.#forgotten;
      for (const known of await this.#load(wanted.slice(start, start + chunk))) {
        if (this.#forgotten === before) this.#known.set(known.id, known);
        found.set(known.id, known);
      }
    }
    return found;
  }

  async #load(ids: string[]): Promise<Known[]> {
    const { engine, vault, organisation } = this.#store;
    const rows = await engine.read
      .selectFrom('person as p')
      .leftJoin('person_key as k', (join) =>
        join.onRef('k.organisation', '=', 'p.organisation').onRef('k.person', '=', 'p.person'),
      )
      .select(['p.person', 'p.guest_of', 'p.state', 'p.sealed', 'k.epoch', 'k.wrapped'])
      .where('p.organisation', '=', organisation)
      .where('p.person', 'in', ids)
      .execute();
    return rows.map((row) => {
      const id = row.person as PersonId;
      const rest = { id, guest: row.guest_of !== null, state: row.state };
      if (!row.sealed || row.epoch === null || row.wrapped === null) {
        return { ...rest, state: 'erased', number: null, name: 'erased', email: null };
      }
      const key = vault.personKey(row.person, { epoch: row.epoch, wrapped: row.wrapped });
      // nothing else of many people is held
      const { number, name, email } = vault.openPerson(row.person, key, row.sealed);
      return { ...rest, number, name, email };
    });
  }
}
