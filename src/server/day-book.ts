import type { Instant, LocalDate, PersonId, SessionId } from '../core/brand.ts';
import { dayBounds } from '../core/local-time.ts';
import type { RecordState } from '../core/record.ts';
import { attended } from '../core/status.ts';
import { RecordFold } from '../store/record-fold.ts';
import { type Store, sessionStream } from '../store/store.ts';

/** Somebody came. */
export interface Arrival {
  readonly person: PersonId;
  readonly at: Instant;
}

const pageSize = 1_000;
const maxSessions = 300;

const arrivalOf = (record: RecordState | undefined): Instant | null =>
  record && attended(record.status) && !record.pending ? record.at : null;

/** One session's arrivals, derived from its events and kept up to date by reading only the new ones. */
class SessionArrivals {
  readonly #fold = new RecordFold();
  #seq = 0;

  /** Reads what is new; returns the instants at which somebody came now, or did until now. */
  async catchUp({ engine, organisation }: Store, session: SessionId): Promise<Set<Instant>> {
    const touched = new Set<Instant>();
    for (;;) {
      const events = await engine.read
        .selectFrom('event')
        .select(['seq', 'subject', 'facts'])
        .where('organisation', '=', organisation)
        .where('stream', '=', sessionStream(session))
        .where('seq', '>', this.#seq)
        .orderBy('seq')
        .limit(pageSize)
        .execute();
      for (const event of events) this.#take(event, touched);
      if (events.length < pageSize) return touched;
    }
  }

  #take(
    event: { seq: number; subject: string | null; facts: string },
    touched: Set<Instant>,
  ): void {
    const { records } = this.#fold;
    const before = records.get(event.subject as PersonId);
    const change = this.#fold.next(event);
    this.#seq = event.seq;
    if (!change) return;
    for (const record of [before, change.record]) {
      const at = arrivalOf(record);
      if (at !== null) touched.add(at);
    }
  }

  *between(from: Instant, to: Instant): Generator<Arrival> {
    for (const [person, record] of this.#fold.records) {
      const at = arrivalOf(record);
      if (at !== null && at >= from && at < to) yield { person, at };
    }
  }
}

/** Who came on which day, from the ledger as it stands. Remembers sessions, so that asking again is cheap. */
export class DayBook {
  readonly #store: Store;
  readonly #sessions = new Map<SessionId, SessionArrivals>();
  /** Sessions with an arrival on a day that was asked for, by first instant of that day. */
  readonly #days = new Map<Instant, Set<SessionId>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads what is new in a session; returns the instants at which somebody came now, or did until now. */
  async refresh(session: SessionId): Promise<Set<Instant>> {
    const arrivals = this.#sessions.get(session) ?? new SessionArrivals();
    // the last one used stands last; the first ones go
    this.#sessions.delete(session);
    this.#sessions.set(session, arrivals);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > maxSessions && oldest !== undefined) this.#sessions.delete(oldest);
    return arrivals.catchUp(this.#store, session);
  }

  /** Everybody who came on a local date, in no particular order; once for each session. */
  async arrivals(date: LocalDate, zone: string): Promise<Arrival[]> {
    const { from, to } = dayBounds(date, zone);
    const found: Arrival[] = [];
    for (const session of await this.#sessionsOf(from, to)) {
      await this.refresh(session);
      found.push(...(this.#sessions.get(session)?.between(from, to) ?? []));
    }
    return found;
  }

  /** Tells the book of a session with an arrival at this instant. */
  note(session: SessionId, at: Instant): void {
    for (const [from, sessions] of this.#days) {
      if (at >= from && at < from + longestDayMs) sessions.add(session);
    }
  }

  async #sessionsOf(from: Instant, to: Instant): Promise<Set<SessionId>> {
    const known = this.#days.get(from);
    if (known) return known;
    const sessions = new Set<SessionId>();
    this.#days.set(from, sessions);
    const [oldest] = this.#days.keys();
    if (this.#days.size > maxDays && oldest !== undefined) this.#days.delete(oldest);
    const rows = await this.#store.engine.read
      .selectFrom('record')
      .select('session')
      .distinct()
      .where('organisation', '=', this.#store.organisation)
      .where('at', '>=', from)
      .where('at', '<', to)
      .execute();
    for (const { session } of rows) sessions.add(session as SessionId);
    return sessions;
  }
}

const maxDays = 16;
/** A day on which clocks go back has up to this many milliseconds; a session noted once too often does no harm. */
const longestDayMs = 27 * 3_600_000;
