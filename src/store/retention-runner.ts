import type { PersonId, StreamName } from '../core/brand.ts';
import {
  type Cutoffs,
  cutoffsOf,
  type EventKind,
  eventKinds,
  laxer,
  listBeyond,
  type RetentionKind,
} from '../core/retention.ts';
import { erasePeople } from './erasure.ts';
import { loadHeld } from './held.ts';
import { commit, type Writing } from './ledger.ts';
import { destroyEvents, walkDue } from './retention-event.ts';
import { noteLooked } from './retention-looked.ts';
import { deleteMail, walkDueMail } from './retention-mail.ts';
import { RetentionMarks } from './retention-mark.ts';
import { type DuePerson, listDueGuests, listDueInactive } from './retention-person.ts';
import { loadRules } from './retention-rule.ts';
import {
  beginRun,
  endRun,
  listRuns,
  type RetentionCounts,
  type StoredRun,
  saveRun,
} from './retention-run.ts';
import { organisationStream, peopleStream, type Store } from './store.ts';

/** Events of one transaction: a few milliseconds. */
const eventsAtOnce = 50;
/** Each lot of erasures wraps everybody's key anew; who wants to erase somebody by hand waits for one. */
const peopleAtOnce = 1_000;
/** Of a run that was killed another takes over after this. */
export const leaseMs = 2 * 60_000;

export interface RunOrder {
  readonly actor: string;
  /** The organisation's time zone: days begin and end by it. */
  readonly zone: string;
  /** Asked between two pieces: false breaks the run off, and the next one goes on. */
  readonly mayGoOn?: () => boolean;
  /** Gives way to others between two pieces. */
  readonly pause?: () => Promise<void>;
}

export interface RunDone {
  readonly ok: true;
  readonly counts: RetentionCounts;
  readonly erased: readonly PersonId[];
  /** False where it was broken off. */
  readonly ended: boolean;
}

/** What is left is for the next run. */
class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** What is done in one transaction: how much went. */
type Piece = (writing: Writing, held: ReadonlySet<string>) => Promise<number>;

/** One run, from its beginning to its end or to where it is broken off. */
export class RetentionRunner {
  readonly #store: Store;
  readonly #order: RunOrder;
  readonly #renew: () => Promise<boolean>;
  readonly #erased: PersonId[] = [];
  #renewedAt: number;
  #run: StoredRun | null = null;
  #counts: Partial<Record<RetentionKind, number>> = {};

  /** @param renew keeps the lease for `leaseMs` more; false where another has it */
  constructor(store: Store, order: RunOrder, renew: () => Promise<boolean>) {
    this.#store = store;
    this.#order = order;
    this.#renew = renew;
    this.#renewedAt = store.clock.now();
  }

  async go(): Promise<RunDone> {
    const outcome = { ok: true as const, erased: this.#erased };
    try {
      const cutoffs = await this.#standing();
      const open = (await listRuns(this.#store)).find(({ endedAt }) => endedAt === null);
      if (open) {
        this.#run = open;
        await this.#destroy(laxer(open.cutoffs, cutoffs));
        await this.#end();
      }
      await this.#destroy(cutoffs);
      await this.#end();
      await noteLooked(this.#store);
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
      return { ...outcome, counts: this.#counts, ended: false };
    }
    return { ...outcome, counts: this.#counts, ended: true };
  }

  async #standing(writing?: Writing): Promise<Cutoffs> {
    const rules = await loadRules(this.#store, writing?.tx);
    return cutoffsOf(rules, writing?.now ?? this.#store.clock.now(), this.#order.zone);
  }

  /** Rules and holds that stand then are those that a check holds the run against. */
  #begin(cutoffs: Cutoffs): Promise<StoredRun> {
    return commit(this.#store, async (writing) => {
      await writing.lock([organisationStream, peopleStream]);
      if (listBeyond(cutoffs, await this.#standing(writing)).length > 0) throw new BrokenOff();
      return beginRun(this.#store, writing, { ...this.#order, cutoffs });
    });
  }

  async #end(): Promise<void> {
    if (!this.#run) return;
    await endRun(this.#store, this.#run);
    this.#run = null;
  }

  async #destroy(cutoffs: Cutoffs): Promise<void> {
    for (const kind of eventKinds) await this.#destroyEvents(kind, cutoffs);
    const { mail, guests, deactivated } = cutoffs;
    const store = this.#store;
    const held = await loadHeld(store, store.engine.read);
    if (mail !== undefined) {
      for await (const some of walkDueMail(store, mail, held)) {
        await this.#piece('mail', cutoffs, ({ tx }, now) => {
          // the next run passes over the mails of whoever is held since
          if (!now.isSubsetOf(held)) throw new BrokenOff();
          return deleteMail(store, tx, some);
        });
      }
    }
    if (guests !== undefined) {
      await this.#erase('guests', cutoffs, await listDueGuests(store, guests));
    }
    if (deactivated !== undefined) {
      await this.#erase('deactivated', cutoffs, await listDueInactive(store, deactivated, held));
    }
  }

  async #destroyEvents(kind: EventKind, cutoffs: Cutoffs): Promise<void> {
    const cutoff = cutoffs[kind];
    if (cutoff === undefined) return;
    const store = this.#store;
    const marks = new RetentionMarks(store, kind);
    // of these something was left behind a mark
    const left = new Set<StreamName>();
    const before = await loadHeld(store, store.engine.read);
    for await (const page of walkDue(store, kind, cutoff, before)) {
      for (const events of inLots(page.events, eventsAtOnce)) {
        await this.#piece(kind, cutoffs, ({ tx }, held) => {
          const free = events.filter(({ people }) => !people.some((person) => held.has(person)));
          if (free.length < events.length) left.add(page.stream);
          return destroyEvents(store, tx, kind, { ...page, events: free });
        });
      }
      if (!left.has(page.stream)) await marks.set(page);
    }
    await marks.flush();
  }

  async #erase(
    kind: 'guests' | 'deactivated',
    cutoffs: Cutoffs,
    due: readonly DuePerson[],
  ): Promise<void> {
    const { actor } = this.#order;
    for (const some of inLots(due, peopleAtOnce)) {
      // what allows it is looked at before each piece
      await this.#piece(kind, cutoffs, async () => 0);
      const people = some.map(({ person }) => person);
      await erasePeople(this.#store, actor, people, kind, async (erased) => {
        this.#erased.push(...erased);
        const gone = erased.filter((person) => people.includes(person)).length;
        await this.#piece(kind, cutoffs, async () => gone);
      });
    }
  }

  /** One transaction, within what the rules and holds of this moment allow. */
  async #piece(kind: RetentionKind, cutoffs: Cutoffs, work: Piece): Promise<void> {
    await this.#goOn();
    const store = this.#store;
    this.#run ??= await this.#begin(cutoffs);
    const run = this.#run;
    const after = await commit(store, async (writing) => {
      if (listBeyond(cutoffs, await this.#standing(writing)).includes(kind)) throw new BrokenOff();
      const gone = await work(writing, await loadHeld(store, writing.tx));
      const counts = { ...run.counts, [kind]: (run.counts[kind] ?? 0) + gone };
      await saveRun(store, writing.tx, { ...run, counts });
      return { gone, counts };
    });
    this.#run = { ...run, counts: after.counts };
    this.#counts[kind] = (this.#counts[kind] ?? 0) + after.gone;
    await this.#order.pause?.();
  }

  async #goOn(): Promise<void> {
    if (this.#order.mayGoOn && !this.#order.mayGoOn()) throw new BrokenOff();
    const now = this.#store.clock.now();
    if (now - this.#renewedAt < leaseMs / 3) return;
    if (!(await this.#renew())) throw new BrokenOff();
    this.#renewedAt = now;
  }
}

function* inLots<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
