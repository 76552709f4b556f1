import type { EventId, StreamName } from '../core/brand.ts';
import { ChainCheck, genesis } from '../core/ledger.ts';
import type { BackupPage } from './backup-page.ts';
import { readEvent } from './event.ts';
import { hashText } from './hash-text.ts';
import type { LedgerFault } from './ledger-fault.ts';
import type { EventTable, StreamTable } from './schema.ts';
import type { StreamHead } from './stream-walk.ts';

/** What a walk along the chains of a backup found. */
export interface BackupLedger {
  readonly streams: number;
  readonly events: number;
  /** What does not hold, and did not when the backup was made; at most 1,000. */
  readonly faults: readonly LedgerFault[];
}

const maxFaults = 1_000;

/** Walks the chains of the rows that pass by: the heads of all streams first, then all events in order of their key. */
export class BackupLedgerCheck {
  readonly #heads = new Map<string, StreamHead>();
  readonly #faults: LedgerFault[] = [];
  #chain = new ChainCheck(hashText);
  #stream: StreamName | null = null;
  #last: EventId | null = null;
  #streams = 0;
  #events = 0;

  get events(): number {
    return this.#events;
  }

  add({ table, rows }: BackupPage): void {
    if (table === 'stream') {
      for (const { stream, seq, hash } of rows as unknown as StreamTable[])
        this.#heads.set(stream, { seq, hash });
    }
    if (table === 'event') for (const row of rows as unknown as EventTable[]) this.#next(row);
  }

  end(): BackupLedger {
    this.#close();
    // heads without any event
    for (const [stream, { seq, hash }] of this.#heads) {
      this.#streams += 1;
      if (seq !== 0 || hash !== genesis)
        this.#fault({ kind: 'head', stream: stream as StreamName, seq: 0, id: null });
    }
    return { streams: this.#streams, events: this.#events, faults: this.#faults };
  }

  #next(row: EventTable): void {
    if (row.stream !== this.#stream) {
      this.#close();
      this.#stream = row.stream as StreamName;
      this.#streams += 1;
      this.#chain = new ChainCheck(hashText);
    }
    this.#events += 1;
    this.#last = row.id as EventId;
    if (this.#chain.fault) return;
    this.#chain.next(readEvent(row));
    const fault = this.#chain.fault as LedgerFault | null;
    if (fault) this.#fault({ ...fault, id: this.#last });
  }

  #close(): void {
    const stream = this.#stream;
    if (stream === null) return;
    const head = this.#heads.get(stream) ?? { seq: 0, hash: genesis };
    this.#heads.delete(stream);
    if (this.#chain.fault) return;
    const fault = this.#chain.end(stream, head);
    if (fault) this.#fault({ kind: 'head', stream, seq: fault.seq, id: this.#last });
  }

  #fault(fault: LedgerFault): void {
    if (this.#faults.length < maxFaults) this.#faults.push(fault);
  }
}
