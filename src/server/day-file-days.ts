import type { Instant, LocalDate, SessionId } from '../core/brand.ts';
import { localDate } from '../core/local-time.ts';
import { ticketLifeMs } from '../core/ticket.ts';
import { loadHead } from '../store/board.ts';
import { peopleStream, type Store } from '../store/store.ts';
import type { DayFileFolder } from './day-file-folder.ts';

/** Every zone's midnight falls on such a boundary, so a slice of time lies in one local date. */
const sliceMs = 15 * 60_000;
const pageSize = 500;
/** A check-in counts from when its ticket was issued; its file is written this long after it was sent. */
const writtenWithinMs = 1_000;

export const sliceOf = (at: Instant): Instant => (at - (at % sliceMs)) as Instant;

interface PlacedArrival {
  readonly person: string;
  readonly session: SessionId;
  readonly at: Instant;
}

/**
 * The dates whose files are to be written at a start: today and yesterday, those that have none, and those that are
 * older than what happened on their day or to their people (the process ended before it could write them).
 */
export async function listStaleDays(
  store: Store,
  folder: DayFileFolder,
  zone: string,
): Promise<Set<LocalDate>> {
  const files = await folder.list();
  const days = await listDays(store, zone);
  const stale = new Set<LocalDate>();
  for (const [date, last] of days) {
    if ((files.get(date) ?? 0) < last + ticketLifeMs + writtenWithinMs) stale.add(date);
  }
  const now = store.clock.now();
  for (const recent of [now, (now - 24 * 3_600_000) as Instant]) {
    const date = localDate(recent, zone);
    if (days.has(date) || files.has(date)) stale.add(date);
  }
  if (files.size === 0) return stale;
  const changed = await listChangedPeople(store, { after: 0, from: Math.min(...files.values()) });
  for (const { person, at } of await listArrivals(store, [...changed.people.keys()])) {
    const date = localDate(at, zone);
    if ((changed.people.get(person) ?? 0) >= (files.get(date) ?? 0)) stale.add(date);
  }
  return stale;
}

/** Every local date on which somebody came, with the last time somebody did. */
async function listDays(store: Store, zone: string): Promise<Map<LocalDate, number>> {
  const rows = await store.engine.read
    .selectFrom('record')
    .select(({ eb, fn, ref }) => [
      eb(ref('at'), '-', eb(ref('at'), '%', sliceMs)).as('slice'),
      fn.max('at').as('last'),
    ])
    .where('organisation', '=', store.organisation)
    .where('status', 'in', ['present', 'late'])
    .where('pending', '=', 0)
    .where('at', 'is not', null)
    .groupBy('slice')
    .execute();
  const days = new Map<LocalDate, number>();
  for (const { slice, last } of rows) {
    const date = localDate(Number(slice) as Instant, zone);
    days.set(date, Math.max(days.get(date) ?? 0, last ?? 0));
  }
  return days;
}

/** Follows the people's stream: a changed name or an erasure concerns the files of the days they came on. */
export class PeopleChanges {
  readonly #store: Store;
  #seq = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What has happened until now is known. */
  async skip(): Promise<void> {
    this.#seq = await loadHead(this.#store, peopleStream);
  }

  /** When and where those came whom something happened to since. */
  async arrivals(): Promise<PlacedArrival[]> {
    const { people, seq } = await listChangedPeople(this.#store, { after: this.#seq, from: 0 });
    const found = await listArrivals(this.#store, [...people.keys()]);
    this.#seq = seq;
    return found;
  }
}

/** Whom events of the people's stream were about, with the time of the last; who was only added has come nowhere. */
async function listChangedPeople(
  { engine, organisation }: Store,
  { after, from }: { after: number; from: number },
): Promise<{ people: Map<string, number>; seq: number }> {
  const rows = await engine.read
    .selectFrom('event')
    .select(['seq', 'subject', 'received_at'])
    .where('organisation', '=', organisation)
    .where('stream', '=', peopleStream)
    .where('seq', '>', after)
    .where('received_at', '>=', Math.floor(from))
    .where('type', '!=', 'person.added')
    .orderBy('seq')
    .execute();
  const people = new Map<string, number>();
  for (const { subject, received_at } of rows) if (subject) people.set(subject, received_at);
  return { people, seq: rows.at(-1)?.seq ?? after };
}

async function listArrivals(
  { engine, organisation }: Store,
  people: readonly string[],
): Promise<PlacedArrival[]> {
  const found: PlacedArrival[] = [];
  for (let start = 0; start < people.length; start += pageSize) {
    const rows = await engine.read
      .selectFrom('record')
      .select(['person', 'session', 'at'])
      .where('organisation', '=', organisation)
      .where('person', 'in', people.slice(start, start + pageSize))
      .where('status', 'in', ['present', 'late'])
      .execute();
    for (const { person, session, at } of rows) {
      if (at !== null) found.push({ person, session: session as SessionId, at: at as Instant });
    }
  }
  return found;
}
