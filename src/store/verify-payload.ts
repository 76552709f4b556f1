import type { Instant } from '../core/brand.ts';
import { digestPayload } from '../core/ledger.ts';
import { type BegunRun, findRun } from '../core/retention.ts';
import { listErasures } from './erasure-list.ts';
import { hashText } from './hash-text.ts';
import { loadHeld } from './held.ts';
import { loadPersonKeys } from './key.ts';
import { readBegunRuns } from './retention-run.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';

/** The digest of an event that holds no payload. */
const emptyDigest = digestPayload('', '');

/**
 * `none`: never had one; `destroyed`: of an erased person; `retired`: by a rule of retention, as the ledger tells;
 * `payload`, `digest`: does not open, is not what was hashed.
 */
export type PayloadVerdict = 'none' | 'good' | 'destroyed' | 'retired' | 'payload' | 'digest';

/** Opens payloads page by page; remembers keys and who is erased. */
export class PayloadCheck {
  readonly #store: Store;
  readonly #keys = new Map<string, Uint8Array | null>();
  readonly #erased = new Set<string>();
  /** Whom erasures name. */
  #told: ReadonlySet<string> = new Set();
  #runs: readonly BegunRun[] = [];
  #held: ReadonlyMap<string, Instant> = new Map();

  constructor(store: Store) {
    this.#store = store;
  }

  /** One verdict for each event, in order. */
  async judge(events: readonly EventTable[]): Promise<PayloadVerdict[]> {
    await this.#load(
      events.flatMap(({ subject, digest }) => (digest === emptyDigest ? [] : (subject ?? []))),
    );
    const verdicts = events.map((event) => this.#one(event));
    const isMissing = (verdict: PayloadVerdict, index: number) =>
      verdict === 'payload' && events[index]?.payload === null;
    if (!verdicts.some(isMissing)) return verdicts;
    await this.#loadRuns();
    return verdicts.map((verdict, index) => {
      const isRetired = isMissing(verdict, index) && this.#isRetired(events[index] as EventTable);
      return isRetired ? 'retired' : verdict;
    });
  }

  /** Whether a run that the ledger tells of accounts for it, and no hold forbade it. */
  #isRetired({ type, received_at, subject, actor }: EventTable): boolean {
    const receivedAt = received_at as Instant;
    const since = [this.#held.get(subject ?? ''), this.#held.get(actor)].filter(
      (at) => at !== undefined,
    );
    const heldSince = since.length === 0 ? null : (Math.min(...since) as Instant);
    return findRun(this.#runs, { type, receivedAt }, heldSince) !== null;
  }

  /** Anew each time: one may have begun meanwhile. */
  async #loadRuns(): Promise<void> {
    const store = this.#store;
    [this.#runs, this.#held] = await Promise.all([
      readBegunRuns(store),
      loadHeld(store, store.engine.read),
    ]);
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
      .select('person')
      .where('organisation', '=', organisation)
      .where('person', 'in', wanted)
      .where('state', '=', 'erased')
      .execute();
    for (const { person } of people) if (await this.#isToldErased(person)) this.#erased.add(person);
    for (const [person, key] of await this.#openKeys(wanted)) this.#keys.set(person, key);
  }

  /** A row can be made to say so by whoever writes to the database: the ledger has to say so as well. */
  async #isToldErased(person: string): Promise<boolean> {
    // one may have been done meanwhile
    if (!this.#told.has(person))
      this.#told = new Set((await listErasures(this.#store)).flatMap(({ erased }) => erased));
    return this.#told.has(person);
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
