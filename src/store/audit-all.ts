import type { StreamName } from '../core/brand.ts';
import { longestStretchMs } from '../core/stretch.ts';
import { type AuditFound, type AuditSearch, auditPageSize, loadEvents } from './audit.ts';
import type { EventTable } from './schema.ts';
import type { StretchTable } from './schema-keeping.ts';
import type { Store } from './store.ts';

/** An event's place in the order of all: by time, of one moment by stream and sequence. */
export interface AuditPlace {
  readonly at: number;
  readonly stream: string;
  readonly seq: number;
}

/** What is looked for, in all streams. */
export interface AuditAllSearch extends Omit<AuditSearch, 'streams' | 'tops'> {
  /** Where the last page ended; null at the beginning. */
  readonly before: AuditPlace | null;
}

export interface AuditAllFound extends Pick<AuditFound, 'rows' | 'lookedBackTo'> {
  /** Where the next page begins; null at the end. */
  readonly before: AuditPlace | null;
}

/** Stretches that end before the newest ones are taken in turn. */
const stretchesAtOnce = 32;
/** So many events are looked through for one page: what filters leave out costs too. */
const window = 10_000;
/** After every stream, and every instant. */
const last = '~';
const endOfTime = 8_640_000_000_000_000;

type Found = AuditPlace & { readonly id: string };

/**
 * The newest events of all streams that match. Stretches say in which streams something happened at a time: only
 * those are read, by stream and sequence, so that a page costs the same in a ledger of any length. The caller has the
 * stretches brought up first.
 */
export async function listAuditAll(store: Store, search: AuditAllSearch): Promise<AuditAllFound> {
  const { limit = auditPageSize } = search;
  const bottom = search.from ?? 0;
  const end = search.until === undefined ? null : { at: search.until, stream: '', seq: 0 };
  let before = earlier(search.before, end) ?? { at: endOfTime, stream: last, seq: 0 };
  const shown: Found[] = [];
  for (let looked = 0; ; ) {
    const { stretches, horizon } = await listStretches(store, before, bottom);
    const parts = await Promise.all(
      stretches.map((stretch) => look(store, search, stretch, before, bottom)),
    );
    const found = parts
      .flat()
      .filter(({ at }) => at > horizon)
      .sort(newestFirst);
    shown.push(...found.slice(0, limit - shown.length));
    const end = shown.at(-1);
    if (shown.length === limit && end) {
      return { rows: await load(store, shown), before: placeOf(end), lookedBackTo: end.at };
    }
    const isOver = horizon < bottom;
    before = { at: horizon, stream: last, seq: 0 };
    for (const { first_seq, last_seq } of stretches) looked += last_seq - first_seq + 1;
    if (isOver || looked >= window) {
      const rows = await load(store, shown);
      return { rows, before: isOver ? null : before, lookedBackTo: isOver ? null : horizon };
    }
  }
}

const placeOf = ({ at, stream, seq }: Found): AuditPlace => ({ at, stream, seq });

const compare = (left: AuditPlace, right: AuditPlace): number =>
  left.at - right.at ||
  (left.stream === right.stream ? left.seq - right.seq : left.stream < right.stream ? -1 : 1);

const newestFirst = (left: AuditPlace, right: AuditPlace): number => compare(right, left);

const earlier = (one: AuditPlace | null, other: AuditPlace | null): AuditPlace | null =>
  one && other ? (compare(one, other) < 0 ? one : other) : (one ?? other);

/** Those that hold what happened at `before`, the next ones below it, and down to where that is all. */
async function listStretches(
  { engine, organisation }: Store,
  { at }: AuditPlace,
  bottom: number,
): Promise<{ stretches: StretchTable[]; horizon: number }> {
  const query = engine.read
    .selectFrom('stretch')
    .selectAll()
    .where('organisation', '=', organisation)
    .orderBy('until_at', 'desc');
  const [over, below] = await Promise.all([
    query
      .where('until_at', '>=', at)
      .where('until_at', '<=', at + longestStretchMs)
      .where('from_at', '<=', at)
      .execute(),
    query
      .where('until_at', '<', at)
      .where('until_at', '>=', bottom)
      .limit(stretchesAtOnce + 1)
      .execute(),
  ]);
  const next = below[stretchesAtOnce];
  return {
    stretches: [...over, ...below.slice(0, stretchesAtOnce)],
    horizon: next?.until_at ?? bottom - 1,
  };
}

/** The newest events of a stretch that match and lie before a place: a page of them at most. */
async function look(
  { engine, organisation }: Store,
  { actor, subject, kind, limit = auditPageSize }: AuditAllSearch,
  { stream, first_seq, last_seq }: StretchTable,
  before: AuditPlace,
  bottom: number,
): Promise<Found[]> {
  let query = engine.read
    .selectFrom('event')
    .select(['stream', 'seq', 'id', 'received_at as at'])
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('seq', '>=', first_seq)
    .where('seq', '<=', last_seq)
    .where('received_at', '>=', bottom)
    .where((where) => {
      const earlier = where('received_at', '<', before.at);
      const same = where('received_at', '=', before.at);
      if (stream > before.stream) return earlier;
      if (stream < before.stream) return where.or([earlier, same]);
      return where.or([earlier, where.and([same, where('seq', '<', before.seq)])]);
    });
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (kind !== undefined) query = query.where('type', 'like', `${kind}%`);
  return query.orderBy('seq', 'desc').limit(limit).execute();
}

async function load(store: Store, found: readonly Found[]): Promise<EventTable[]> {
  const streams = Map.groupBy(found, ({ stream }) => stream as StreamName);
  const rows = await Promise.all(
    [...streams].map(([stream, events]) =>
      loadEvents(
        store,
        stream,
        events.map(({ seq }) => seq),
      ),
    ),
  );
  const byId = new Map(rows.flat().map((row) => [row.id, row]));
  return found.flatMap(({ id }) => byId.get(id) ?? []);
}
