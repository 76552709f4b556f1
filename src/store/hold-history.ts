import type { EventId } from '../core/brand.ts';
import { readDestroyed } from './destruction-log.ts';
import { loadEventsOf } from './event.ts';
import type { LedgerFault } from './ledger-fault.ts';
import type { EventTable } from './schema.ts';
import { peopleStream, type Store } from './store.ts';
import { loadStreamHead } from './stream-walk.ts';

/** A hold as the ledger tells of it. */
export interface ToldHold {
  readonly person: string;
  /** The event that placed it, and that which lifted it: endless while it stands. */
  readonly from: number;
  until: number;
  readonly id: EventId;
  readonly placedAt: number;
  readonly placedBy: string;
}

const types = ['hold.placed', 'hold.lifted', 'person.merged', 'person.erased'];

/** Legal holds as the ledger tells of them. Says who was erased in spite of one. */
export class HoldHistory {
  readonly faults: LedgerFault[] = [];
  readonly #store: Store;
  readonly #holds = new Map<string, ToldHold[]>();
  /** Into whom somebody was merged, and by which event. */
  readonly #merged = new Map<string, { readonly into: string; readonly seq: number }>();
  readonly #erased = new Set<string>();
  #last = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Reads on from where it was.
   * @returns the last event that was read
   */
  async catchUp(): Promise<number> {
    const store = this.#store;
    const { seq: head } = await loadStreamHead(store, store.engine.read, peopleStream);
    const rows = await loadEventsOf(store, peopleStream, { after: this.#last, head, types });
    for (const row of rows) await this.#take(row);
    this.#last = head;
    return head;
  }

  /** Those that stand at the end of what was read. */
  listStanding(): ToldHold[] {
    return [...this.#holds.keys()].flatMap((person) => this.#standing(person) ?? []);
  }

  isErased(person: string): boolean {
    return this.#erased.has(person);
  }

  /** Whether a hold kept somebody's data from one event to another: their own, or that of whom they turned out to be. */
  isHeldThrough(person: string, from: number, until: number): boolean {
    const isOver = (hold: ToldHold) => hold.from <= from && hold.until > until;
    for (let who = person, last = 0; ; ) {
      if (this.#holds.get(who)?.some(isOver)) return true;
      const merged = this.#merged.get(who);
      // nobody is merged who is not there any more
      if (!merged || merged.seq > from || merged.seq <= last) return false;
      ({ into: who, seq: last } = merged);
    }
  }

  async #take(row: EventTable): Promise<void> {
    const { type, seq, subject } = row;
    if (subject === null) return;
    const standing = this.#standing(subject);
    if (type === 'hold.placed') this.#place(row, subject);
    else if (type === 'person.merged') this.#merge(row, subject);
    else if (standing) standing.until = seq;
    if (type !== 'person.erased') return;
    this.#erased.add(subject);
    if (standing) await this.#judge(row, subject);
  }

  #standing(person: string): ToldHold | undefined {
    const last = this.#holds.get(person)?.at(-1);
    return last?.until === Number.POSITIVE_INFINITY ? last : undefined;
  }

  #place({ seq, id, received_at, actor }: EventTable, person: string): void {
    const hold = {
      person,
      from: seq,
      until: Number.POSITIVE_INFINITY,
      id: id as EventId,
      placedAt: received_at,
      placedBy: actor,
    };
    this.#holds.set(person, [...(this.#holds.get(person) ?? []), hold]);
  }

  #merge({ seq, facts }: EventTable, into: string): void {
    const { alias } = readFacts(facts);
    if (alias !== undefined && alias !== into) this.#merged.set(alias, { into, seq });
  }

  /** Who was erased before an older backup came back, in which a hold still stood, is in the log beside the keys. */
  async #judge({ seq, id, facts }: EventTable, person: string): Promise<void> {
    const isAgain = readFacts(facts).restored === true;
    if (isAgain && (await readDestroyed(this.#store.keys)).has(person)) return;
    this.faults.push({ kind: 'held', stream: peopleStream, seq, id: id as EventId, person });
  }
}

function readFacts(facts: string): { readonly alias?: string; readonly restored?: boolean } {
  try {
    return JSON.parse(facts) ?? {};
  } catch {
    // the hash has said so
    return {};
  }
}
