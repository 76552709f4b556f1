import type { EventId, StreamName } from '../core/brand.ts';
import { ChainCheck } from '../core/ledger.ts';
import { readEvent } from './event.ts';
import { hashText } from './hash-text.ts';
import type { LedgerFault } from './ledger-fault.ts';
import { RecordFold, sameRecord } from './record-fold.ts';
import type { EventTable, RecordTable } from './schema.ts';
import { type Store, sessionOf } from './store.ts';
import { beforeAll, loadStreamHead, type StreamHead, walkStream } from './stream-walk.ts';
import type { PayloadCheck } from './verify-payload.ts';

export interface Tally {
  events: number;
  payloads: number;
  destroyed: number;
  retired: number;
  records: number;
}

/** How often records are compared anew while others go on writing. */
const maxLooks = 5;

/** Walks one stream and says what does not hold, yielding after every page. `payloads` null: chains only. */
export class StreamCheck {
  readonly faults: LedgerFault[] = [];
  readonly #store: Store;
  readonly #stream: StreamName;
  readonly #payloads: PayloadCheck | null;
  readonly #tally: Tally;
  readonly #chain = new ChainCheck(hashText);
  readonly #fold = new RecordFold();
  readonly #ids = new Map<number, EventId>();
  #last = beforeAll;

  constructor(store: Store, stream: StreamName, payloads: PayloadCheck | null, tally: Tally) {
    this.#store = store;
    this.#stream = stream;
    this.#payloads = payloads;
    this.#tally = tally;
  }

  async *walk(): AsyncGenerator<void, void> {
    const session = this.#payloads ? sessionOf(this.#stream) : null;
    let head = yield* this.#catchUp();
    this.#end(head);
    if (session === null) return;
    let suspects: Set<string> | null = null;
    for (let look = 1; ; look += 1) {
      const stored = await loadRecords(this.#store, session);
      const now = await loadStreamHead(this.#store, this.#store.engine.read, this.#stream);
      const differing = this.#differing(session, stored);
      suspects = suspects === null ? differing : suspects.intersection(differing);
      if (suspects.size === 0 || now.seq === head.seq || look === maxLooks) {
        this.#tally.records += stored.length;
        this.#blame(session, suspects, stored);
        return;
      }
      // somebody appended between the events and the records: what differs for that reason alone is gone next time
      head = yield* this.#catchUp();
    }
  }

  async *#catchUp(): AsyncGenerator<void, StreamHead> {
    const { engine } = this.#store;
    const pages = walkStream(this.#store, engine.read, this.#stream, this.#last);
    for (;;) {
      const step = await pages.next();
      if (step.done) return step.value;
      await this.#page(step.value);
      yield;
    }
  }

  async #page(events: readonly EventTable[]): Promise<void> {
    const verdicts = await this.#payloads?.judge(events);
    for (const [index, row] of events.entries()) {
      this.#tally.events += 1;
      this.#last = row.seq;
      this.#ids.set(row.seq, row.id as EventId);
      const before = this.#chain.fault;
      this.#chain.next(readEvent(row));
      const { fault } = this.#chain;
      if (fault && fault !== before) this.#add(fault.kind, row.seq);
      const verdict = verdicts?.[index];
      if (verdict === 'payload' || verdict === 'digest') this.#add(verdict, row.seq);
      if (verdict === 'good') this.#tally.payloads += 1;
      if (verdict === 'destroyed') this.#tally.destroyed += 1;
      if (verdict === 'retired') this.#tally.retired += 1;
      if (!verdicts) continue;
      try {
        this.#fold.next(row);
      } catch {
        // facts that are not JSON: the hash has said so
      }
    }
  }

  /** Asked once, right after the first walk: the head of that moment must be the last event walked. */
  #end(head: StreamHead): void {
    if (this.#chain.fault) return;
    const fault = this.#chain.end(this.#stream, head);
    if (fault) this.#add('head', fault.seq);
  }

  #differing(session: string, stored: readonly RecordTable[]): Set<string> {
    const derived = this.#fold.rows(this.#store.organisation, session);
    const differing = new Set<string>(derived.keys());
    for (const row of stored) {
      if (sameRecord(derived.get(row.person), row)) differing.delete(row.person);
      else differing.add(row.person);
    }
    return differing;
  }

  #blame(session: string, people: ReadonlySet<string>, stored: readonly RecordTable[]): void {
    const derived = this.#fold.rows(this.#store.organisation, session);
    for (const person of people) {
      const row = derived.get(person) ?? stored.find((record) => record.person === person);
      this.#add('record', row?.seq ?? 0, person);
    }
  }

  #add(kind: LedgerFault['kind'], seq: number, person?: string): void {
    const id = this.#ids.get(seq) ?? null;
    const where = { kind, stream: this.#stream, seq, id };
    this.faults.push(person === undefined ? where : { ...where, person });
  }
}

function loadRecords({ engine, organisation }: Store, session: string): Promise<RecordTable[]> {
  return engine.read
    .selectFrom('record')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('session', '=', session)
    .execute();
}
