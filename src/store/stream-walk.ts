import type { Kysely } from 'kysely';
import type { StreamName } from '../core/brand.ts';
import { genesis } from '../core/ledger.ts';
import type { EventTable, Schema } from './schema.ts';
import type { Store } from './store.ts';

/** Where a stream ends, as the database says. */
export interface StreamHead {
  readonly seq: number;
  readonly hash: string;
}

/** Below any sequence, even a forged one. */
export const beforeAll = Number.MIN_SAFE_INTEGER;

const pageSize = 500;

/** Every stream that has a head or an event, in order of name. */
export async function listStreams(store: Store, db: Kysely<Schema>): Promise<StreamName[]> {
  const { organisation } = store;
  const [heads, events] = await Promise.all([
    db.selectFrom('stream').select('stream').where('organisation', '=', organisation).execute(),
    db
      .selectFrom('event')
      .select('stream')
      .distinct()
      .where('organisation', '=', organisation)
      .execute(),
  ]);
  const names = new Set([...heads, ...events].map(({ stream }) => stream as StreamName));
  return [...names].sort();
}

/** The head that stands, or that of an empty stream. */
export async function loadStreamHead(
  store: Store,
  db: Kysely<Schema>,
  stream: StreamName,
): Promise<StreamHead> {
  const head = await db
    .selectFrom('stream')
    .select(['seq', 'hash'])
    .where('organisation', '=', store.organisation)
    .where('stream', '=', stream)
    .executeTakeFirst();
  return head ?? { seq: 0, hash: genesis };
}

/**
 * The events of a stream after `after`, page by page, up to the head as it stands at the call; returns that head.
 * What others append meanwhile is left for the next walk; events that no head accounts for are walked too.
 */
export async function* walkStream(
  store: Store,
  db: Kysely<Schema>,
  stream: StreamName,
  after: number = beforeAll,
): AsyncGenerator<EventTable[], StreamHead> {
  const head = await loadStreamHead(store, db, stream);
  let last = after;
  for (let until = head.seq; ; ) {
    const page = await loadPage(store, db, stream, last, until);
    if (page.length > 0) yield page;
    last = page.at(-1)?.seq ?? last;
    if (page.length === pageSize) continue;
    if (until === endless) return head;
    const beyond = await loadPage(store, db, stream, Math.max(last, head.seq), endless, 1);
    if (beyond.length === 0) return head;
    const now = await loadStreamHead(store, db, stream);
    if (now.seq !== head.seq) return head;
    until = endless;
  }
}

const endless = Number.MAX_SAFE_INTEGER;

function loadPage(
  { organisation }: Store,
  db: Kysely<Schema>,
  stream: StreamName,
  after: number,
  until: number,
  limit = pageSize,
): Promise<EventTable[]> {
  return db
    .selectFrom('event')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('seq', '>', after)
    .where('seq', '<=', until)
    .orderBy('seq')
    .limit(limit)
    .execute();
}
