import { z } from 'zod';
import type { EventId, Instant } from '../core/brand.ts';
import { instant } from '../core/field.wire.ts';
import { isZone } from '../core/local-time.ts';
import {
  type BegunRun,
  type Cutoffs,
  cutoffsOf,
  defaultRules,
  laxer,
  listBeyond,
  type RetentionRules,
  retentionKinds,
} from '../core/retention.ts';
import { retentionRules } from '../core/retention.wire.ts';
import { openPayloads } from './audit.ts';
import { loadEventsOf } from './event.ts';
import type { LedgerFault } from './ledger-fault.ts';
import type { EventTable } from './schema.ts';
import { organisationStream, type Store } from './store.ts';
import { loadStreamHead } from './stream-walk.ts';

/** A run as the ledger tells of it, with no more than the rules of its time allowed. */
export interface ToldRun extends BegunRun {
  readonly seq: number;
  /** Events about people when it began, and when it ended: endless while it goes on. */
  readonly peopleFrom: number;
  peopleUntil: number;
}

const changed = z.object({ after: retentionRules });
const begun = z.object({
  cutoffs: z.partialRecord(z.enum(retentionKinds), instant),
  zone: z.string().refine(isZone),
  peopleSeq: z.int(),
});
const ended = z.object({ begun: z.int(), peopleSeq: z.int() });
const types = ['retention.changed', 'retention.begun', 'retention.run'];

/** Rules and runs of retention as the ledger tells of them. Says which runs were to destroy more than the rules allowed. */
export class RetentionHistory {
  readonly runs: ToldRun[] = [];
  readonly faults: LedgerFault[] = [];
  readonly #store: Store;
  #rules: RetentionRules = defaultRules;
  #last = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads on from where it was. */
  async catchUp(): Promise<void> {
    const store = this.#store;
    const { seq: head } = await loadStreamHead(store, store.engine.read, organisationStream);
    const rows = await loadEventsOf(store, organisationStream, { after: this.#last, head, types });
    const opened = await openPayloads(store, rows);
    for (const [index, row] of rows.entries()) this.#take(row, opened[index]);
    this.#last = head;
  }

  /** What is not as Muster writes it tells nothing; the event's hash or its sealed data are a fault then. */
  #take(row: EventTable, data: unknown): void {
    if (row.type === 'retention.changed')
      this.#rules = changed.safeParse(data).data?.after ?? this.#rules;
    else if (row.type === 'retention.begun') this.#begin(row, begun.safeParse(data).data);
    else this.#end(readEnd(row.facts));
  }

  #begin({ seq, id, received_at }: EventTable, told: z.infer<typeof begun> | undefined): void {
    if (!told) return;
    const at = received_at as Instant;
    const allowed = this.#allowedAt(at, told.zone);
    if (listBeyond(told.cutoffs, allowed).length > 0)
      this.faults.push({ kind: 'cutoff', stream: organisationStream, seq, id: id as EventId });
    this.runs.push({
      at,
      cutoffs: laxer(told.cutoffs, allowed),
      seq,
      peopleFrom: told.peopleSeq,
      peopleUntil: Number.POSITIVE_INFINITY,
    });
  }

  #allowedAt(at: Instant, zone: string): Cutoffs {
    try {
      return cutoffsOf(this.#rules, at, zone);
    } catch {
      // no instant of any calendar: the hash has said so
      return {};
    }
  }

  #end(told: z.infer<typeof ended> | null): void {
    const run = this.runs.find(({ seq }) => seq === told?.begun);
    if (run && told) run.peopleUntil = told.peopleSeq;
  }
}

function readEnd(facts: string): z.infer<typeof ended> | null {
  try {
    return ended.parse(JSON.parse(facts));
  } catch {
    return null;
  }
}
