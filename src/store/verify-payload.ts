import { digestPayload, noData } from '../core/ledger.ts';
import { listErasures } from './erasure-list.ts';
import { hashText } from './hash-text.ts';
import { loadPersonKeys } from './key.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';
import type { RetentionCheck } from './verify-retention.ts';

/** What lets data go, or keeps them, is always sealed: without the keys nobody can say it. */
const sealedTypes: ReadonlySet<string> = new Set([
  'hold.placed',
  'hold.lifted',
  'retention.changed',
  'retention.begun',
]);

/**
 * `none`: never had one; `destroyed`: of an erased person; `retired`: by a rule of retention, as the ledger tells;
 * `payload`, `digest`: does not open, is not what was hashed.
 */
export type PayloadVerdict = 'none' | 'good' | 'destroyed' | 'retired' | 'payload' | 'digest';

/** Opens payloads page by page; remembers keys and who is erased. */
export class PayloadCheck {
  readonly #store: Store;
  readonly #retention: RetentionCheck;
  readonly #keys = new Map<string, Uint8Array | null>();
  readonly #erased = new Set<string>();
  /** Whom erasures name. */
  #told: ReadonlySet<string> = new Set();

  constructor(store: Store, retention: RetentionCheck) {
    this.#store = store;
    this.#retention = retention;
  }

  /** One verdict for each event, in order. */
  async judge(events: readonly EventTable[]): Promise<PayloadVerdict[]> {
    await this.#load(events);
    const verdicts = events.map((event) => this.#one(event));
    const doubtful = events.filter(
      ({ digest }, index) => verdicts[index] === 'payload' && digest !== noData,
    );
    if (doubtful.length === 0) return verdicts;
    // a run may have begun, or somebody been erased, since it was looked up
    await this.#retention.catchUp();
    for (const { subject } of doubtful) this.#keys.delete(subject ?? '');
    await this.#load(doubtful);
    return events.map((event) => this.#one(event));
  }

  #one(event: EventTable): PayloadVerdict {
    const { id, type, subject, payload, digest } = event;
    if (digest === noData) return payload === null && !sealedTypes.has(type) ? 'none' : 'payload';
    if (subject !== null && this.#erased.has(subject)) return 'destroyed';
    if (payload === null) return this.#retention.accountsFor(event) ? 'retired' : 'payload';
    const key = subject === null ? null : this.#keys.get(subject);
    if (key === undefined || (subject !== null && key === null)) return 'payload';
    try {
      const { salt, data } = this.#store.vault.openPayload(id, key, payload);
      return digestPayload(salt, data, hashText) === digest ? 'good' : 'digest';
    } catch {
      return 'payload';
    }
  }

  async #load(events: readonly EventTable[]): Promise<void> {
    const { engine, organisation } = this.#store;
    const subjects = events.flatMap(({ subject, digest }) =>
      digest === noData ? [] : (subject ?? []),
    );
    const wanted = [...new Set(subjects)].filter(
      (subject) => !this.#keys.has(subject) && !this.#erased.has(subject),
    );
    if (wanted.length === 0) return;
    const people = await engine.read
      .selectFrom('person')
      .select('person')
      .where('organisation', '=', organisation)
      .where('person', 'in', wanted)
      .where('state', '=', 'erased')
      .execute();
    await this.#learnErased(people.map(({ person }) => person));
    for (const [person, key] of await this.#openKeys(wanted)) this.#keys.set(person, key);
  }

  /** A row can be made to say so by whoever writes to the database: the ledger has to say so as well. */
  async #learnErased(people: readonly string[]): Promise<void> {
    // some may have been erased meanwhile
    if (people.some((person) => !this.#told.has(person)))
      this.#told = new Set((await listErasures(this.#store)).flatMap(({ erased }) => erased));
    for (const person of people) if (this.#told.has(person)) this.#erased.add(person);
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
