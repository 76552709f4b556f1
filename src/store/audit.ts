import type { StreamName } from '../core/brand.ts';
import { padded } from './engine.ts';
import { loadPersonKeys } from './key.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';
import { loadStreamHead } from './stream-walk.ts';

/** What is looked for, in a few streams; instants in epoch ms. */
export interface AuditSearch {
  readonly streams: readonly StreamName[];
  /** Where each stream is gone on from, as the last page said; null at the beginning. */
  readonly tops: readonly number[] | null;
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly actor: string | undefined;
  readonly subject: string | undefined;
  /** The beginning of the type: letters, dots and hyphens. */
  readonly kind: string | undefined;
  /** Events of a page; 50 unless told. */
  readonly limit?: number | undefined;
}

export interface AuditFound {
  /** Newest first. */
  readonly rows: readonly EventTable[];
  /** Where each stream goes on, inclusive; null where all are at their end. */
  readonly tops: readonly number[] | null;
  /** Everything received since then has been looked at; null at the end. */
  readonly lookedBackTo: number | null;
}

/** A part of one stream that was looked through. */
interface Part {
  readonly rows: readonly EventTable[];
  /** The sequence from which the stream goes on where all its rows are shown. */
  readonly next: number;
  readonly bottom: number;
  /** Older than this nothing is known of the stream yet. */
  readonly horizon: number;
}

/** Events of a page. */
export const auditPageSize = 50;
/** So many events of a stream are looked through for one page: what filters leave out costs too. */
const window = 5_000;

/**
 * The newest events that match. Reads by stream and sequence only, so that a page costs the same in a ledger of any
 * length; instants are found in a stream by halving.
 */
export async function listAudit(store: Store, search: AuditSearch): Promise<AuditFound> {
  const { limit = auditPageSize } = search;
  const parts = await Promise.all(
    search.streams.map((stream, index) => lookThrough(store, search, stream, search.tops?.[index])),
  );
  const horizon = Math.max(...parts.map((part) => part.horizon));
  const rows = merge(parts, horizon, limit);
  const shown = new Set(rows.map(({ id }) => id));
  const tops = parts.map((part) => part.rows.find(({ id }) => !shown.has(id))?.seq ?? part.next);
  const isOver = parts.every(({ bottom }, index) => (tops[index] ?? 0) <= bottom);
  const last = rows.at(-1)?.received_at ?? horizon;
  return {
    rows,
    tops: isOver ? null : tops,
    lookedBackTo: isOver ? null : rows.length === limit ? last : horizon,
  };
}

/**
 * The newest of all parts first. Each stays in its own order, also where the clock went back or a moment has many: so
 * of each the rest goes on below one sequence.
 */
function merge(parts: readonly Part[], horizon: number, limit: number): EventTable[] {
  const rests = parts.map((part) => [...part.rows].reverse());
  const rows: EventTable[] = [];
  while (rows.length < limit) {
    const heads = rests.filter((rest) => (rest.at(-1)?.received_at ?? -1) >= horizon);
    if (heads.length === 0) break;
    const newest = heads.reduce((best, rest) =>
      (rest.at(-1)?.received_at ?? 0) > (best.at(-1)?.received_at ?? 0) ? rest : best,
    );
    rows.push(newest.pop() as EventTable);
  }
  return rows;
}

async function lookThrough(
  store: Store,
  { from, until, actor, subject, kind, limit = auditPageSize }: AuditSearch,
  stream: StreamName,
  given: number | undefined,
): Promise<Part> {
  const { seq: head } = await loadStreamHead(store, store.engine.read, stream);
  const bottom = from === undefined ? 0 : await countBefore(store, stream, head, from);
  const end = until === undefined ? head : await countBefore(store, stream, head, until);
  const top = Math.min(given ?? end, end);
  const floor = Math.max(bottom, top - window);
  let query = store.engine.read
    .selectFrom('event')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('stream', '=', stream)
    .where('seq', '<=', top)
    .where('seq', '>', floor);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (kind !== undefined) query = query.where('type', 'like', `${kind}%`);
  const rows = await query
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  // a part that has more than a page cannot hold back others: the page ends before it does
  const isFull = rows.length > limit;
  const next = isFull ? (rows.at(-1)?.seq ?? floor) : floor;
  const isOpen = !isFull && floor > bottom;
  const horizon = isOpen ? await timeOf(store, stream, floor + 1) : null;
  return { rows, next, bottom, horizon: horizon ?? 0 };
}

/** How many events of a stream were received before an instant. */
async function countBefore(
  store: Store,
  stream: StreamName,
  head: number,
  at: number,
): Promise<number> {
  let low = 0;
  let high = head;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const time = await timeOf(store, stream, middle);
    if (time !== null && time < at) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function timeOf(
  { engine, organisation }: Store,
  stream: StreamName,
  seq: number,
): Promise<number | null> {
  const row = await engine.read
    .selectFrom('event')
    .select('received_at')
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row?.received_at ?? null;
}

/** The events of a stream with these sequences; those that are not there are left out. */
export async function loadEvents(
  { engine, organisation }: Store,
  stream: StreamName,
  seqs: readonly number[],
): Promise<EventTable[]> {
  if (seqs.length === 0) return [];
  return engine.read
    .selectFrom('event')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('seq', 'in', padded(seqs))
    .execute();
}

/** What lay sealed in each event: null where there is nothing, undefined where it cannot be opened. */
export async function openPayloads(
  store: Store,
  rows: readonly EventTable[],
): Promise<(Record<string, unknown> | null | undefined)[]> {
  const subjects = rows.flatMap(({ subject, payload }) => (payload ? (subject ?? []) : []));
  const keys = await loadPersonKeys(store, store.engine.read, subjects);
  return rows.map(({ id, subject, payload }) => {
    if (!payload) return null;
    const key = subject === null ? null : keys.get(subject);
    if (key === undefined) return undefined;
    try {
      return JSON.parse(store.vault.openPayload(id, key, payload).data) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  });
}
