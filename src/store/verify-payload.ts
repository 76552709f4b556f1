import { digestPayload } from '../core/ledger.ts';
import { hashText } from './hash-text.ts';
import { loadPersonKeys } from './key.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';

/** The digest of an event that holds no payload. */
const emptyDigest = digestPayload('', '');

/** `none`: never had one; `destroyed`: of an erased person; `payload`, `digest`: does not open, is not what was hashed. */
export type PayloadVerdict = 'none' | 'good' | 'destroyed' | 'payload' | 'digest';

/** Opens payloads page by page; remembers keys and who is erased. */
export class PayloadCheck {
  readonly #store: Store;
  readonly #keys = new Map<string, Uint8Array | null>();
  readonly #erased = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** One verdict for each event, in order. */
  async judge(events: readonly EventTable[]): Promise<PayloadVerdict[]> {
    await this.#load(
      events.flatMap(({ subject, digest }) => (digest === emptyDigest ? [] : (subject ?? []))),
    );
    return events.map((event) => this.#one(event));
  }

  #one({ id, subject, payload, digest }: EventTable): PayloadVerdict {
    if (digest === emptyDigest) return payload === null ? 'none' : 'payload';
    if (subject !== null && this.#erased.has(subject)) return 'destroyed';
    const key = subject === null ? null : this.#keys.get(subject);
    if (payload === null || key === undefined || (subject !== null && key === null))
      return 'payload';
    try {
      const { salt, data } = this.#store.vault.openPayload(id, key, payload);
      return digestPayload(salt, data, hashText) === digest ? 'good' : 'digest';
    } catch {
      return 'payload';
    }
  }

  async #load(subjects: readonly string[]): Promise<void> {
    const { engine, organisation } = this.#store;
    const wanted = [...new Set(subjects)].filter(
      (subject) => !this.#keys.has(subject) && !this.#erased.has(subject),
    );
    if (wanted.length === 0) return;
    const people = await engine.read
      .selectFrom('person')
      .select(['person', 'state'])
      .where('organisation', '=', organisation)
      .where('person', 'in', wanted)
      .execute();
    for (const { person, state } of people) if (state === 'erased') this.#erased.add(person);
    for (const [person, key] of await this.#openKeys(wanted)) this.#keys.set(person, key);
  }

  /** A damaged key spoils only its own person. */
  async #openKeys(people: readonly string[]): Promise<Map<string, Uint8Array | null>> {
    const { engine } = this.#store;
    const keys = new Map<string, Uint8Array | null>(people.map((person) => [person, null]));
    try {
      for (const [person, key] of await loadPersonKeys(this.#store, engine.read, people)) {
        keys.set(person, key);
      }
    } catch {
      for (const person of people) {
        const found = await loadPersonKeys(this.#store, engine.read, [person]).catch(() => null);
        keys.set(person, found?.get(person) ?? null);
      }
    }
    return keys;
  }
}
