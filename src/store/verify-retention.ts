import type { Instant } from '../core/brand.ts';
import { findRun } from '../core/retention.ts';
import { HoldHistory } from './hold-history.ts';
import type { LedgerFault } from './ledger-fault.ts';
import { RetentionHistory } from './retention-history.ts';
import type { EventTable, LegalHoldTable } from './schema.ts';
import { peopleStream, type Store } from './store.ts';

/** How often holds are compared anew while others place and lift them. */
const maxLooks = 5;

/** Holds what was destroyed, and the holds that are stored, against what the ledger tells. */
export class RetentionCheck {
  readonly #store: Store;
  readonly #retention: RetentionHistory;
  readonly #holds: HoldHistory;

  constructor(store: Store) {
    this.#store = store;
    this.#retention = new RetentionHistory(store);
    this.#holds = new HoldHistory(store);
  }

  /** Reads what was appended since the last time. */
  async catchUp(): Promise<void> {
    await Promise.all([this.#retention.catchUp(), this.#holds.catchUp()]);
  }

  /** Whether the sealed data of an event went by a run that the ledger tells of, and no hold forbade it. */
  accountsFor({ type, received_at, subject, actor }: EventTable): boolean {
    const people = subject === null ? [actor] : [subject, actor];
    const receivedAt = received_at as Instant;
    const run = findRun(this.#retention.runs, { type, receivedAt }, ({ peopleFrom, peopleUntil }) =>
      people.every((person) => !this.#holds.isHeldThrough(person, peopleFrom, peopleUntil)),
    );
    return run !== null;
  }

  /** Runs beyond the rules, people erased in spite of a hold, stored holds that are not those of the ledger. */
  async listFaults(): Promise<LedgerFault[]> {
    await this.#retention.catchUp();
    const stored = await this.#compare();
    return [...this.#retention.faults, ...this.#holds.faults, ...stored];
  }

  /** A hold and its event are written together: rows between two looks at the same end belong to it. */
  async #compare(): Promise<LedgerFault[]> {
    let head = await this.#holds.catchUp();
    for (let look = 1; ; look += 1) {
      const rows = await loadHolds(this.#store);
      const now = await this.#holds.catchUp();
      if (now === head || look === maxLooks) return this.#differing(rows);
      head = now;
    }
  }

  #differing(rows: readonly LegalHoldTable[]): LedgerFault[] {
    const stored = new Map(rows.map((row) => [row.person, row]));
    const blame = (person: string, seq = 0, id: LedgerFault['id'] = null): LedgerFault => {
      return { kind: 'hold', stream: peopleStream, seq, id, person };
    };
    const missing = this.#holds.listStanding().flatMap((hold) => {
      const row = stored.get(hold.person);
      stored.delete(hold.person);
      const isSame = row?.placed_at === hold.placedAt && row.placed_by === hold.placedBy;
      return isSame ? [] : [blame(hold.person, hold.from, hold.id)];
    });
    // a hold that came back with an older backup lay there, in earlier versions, when its person was erased again
    const others = [...stored.keys()].filter((person) => !this.#holds.isErased(person));
    return [...missing, ...others.map((person) => blame(person))];
  }
}

function loadHolds({ engine, organisation }: Store): Promise<LegalHoldTable[]> {
  return engine.read
    .selectFrom('legal_hold')
    .selectAll()
    .where('organisation', '=', organisation)
    .orderBy('person')
    .execute();
}
