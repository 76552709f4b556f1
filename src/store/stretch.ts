import type { StreamName } from '../core/brand.ts';
import { extendStretches, type Stretch } from '../core/stretch.ts';
import { padded, type Tx } from './engine.ts';
import { holdLatches } from './latch.ts';
import type { StretchTable } from './schema-keeping.ts';
import type { Store } from './store.ts';

/** Streams and events of one transaction: a few milliseconds, so that check-ins do not wait. */
const streamsAtOnce = 64;
const eventsAtOnce = 2_000;
const latch = 'stretch';

interface Behind {
  readonly stream: StreamName;
  readonly head: number;
  readonly end: Stretch | null;
}

/**
 * Brings the stretches up to what the ledger holds, some streams at a time. It follows the ledger and is no part of
 * anybody's transaction: a check-in does not pay for it. Where events are missing that a head tells of, nothing is
 * waited for: that is for `muster verify` to say.
 * @param goesOn asked before each piece
 * @returns whether all of them are there
 */
export async function followStretches(store: Store, goesOn: () => boolean): Promise<boolean> {
  const missing = new Set<StreamName>();
  while (goesOn()) {
    const behind = await listBehind(store, missing);
    if (behind.length === 0) return true;
    for (const stream of await follow(store, behind)) missing.add(stream);
  }
  return false;
}

async function listBehind(
  { engine, organisation }: Store,
  missing: ReadonlySet<StreamName>,
): Promise<Behind[]> {
  let query = engine.read
    .selectFrom('stream as s')
    .leftJoin('stretch_end as e', (join) =>
      join.onRef('e.organisation', '=', 's.organisation').onRef('e.stream', '=', 's.stream'),
    )
    .select(['s.stream', 's.seq', 'e.first_seq', 'e.last_seq', 'e.from_at', 'e.until_at'])
    .where('s.organisation', '=', organisation)
    .where('s.seq', '>', 0)
    .where((where) =>
      where.or([where('e.last_seq', 'is', null), where('e.last_seq', '!=', where.ref('s.seq'))]),
    )
    .orderBy('s.stream')
    .limit(streamsAtOnce);
  if (missing.size > 0) query = query.where('s.stream', 'not in', padded([...missing]));
  const rows = await query.execute();
  return rows.map(({ stream, seq, ...row }) => ({
    stream: stream as StreamName,
    head: seq,
    end: row.last_seq === null ? null : readStretch(row as StretchTable),
  }));
}

const readStretch = (
  row: Pick<StretchTable, 'first_seq' | 'last_seq' | 'from_at' | 'until_at'>,
): Stretch => ({
  first: row.first_seq,
  last: row.last_seq,
  fromAt: row.from_at,
  untilAt: row.until_at,
});

/** Answers with the streams of which none of the events is there that are to follow. */
async function follow(store: Store, behind: readonly Behind[]): Promise<StreamName[]> {
  const { engine, organisation } = store;
  const each = Math.ceil(eventsAtOnce / behind.length);
  const found = await Promise.all(
    behind.map(async ({ stream, head, end }) => {
      const events = await engine.read
        .selectFrom('event')
        .select(['seq', 'received_at as at'])
        .where('organisation', '=', organisation)
        .where('stream', '=', stream)
        .where('seq', '>', isCut({ head, end }) ? 0 : (end?.last ?? 0))
        .where('seq', '<=', head)
        .orderBy('seq')
        .limit(each)
        .execute();
      return { stream, head, end, events };
    }),
  );
  await engine.write(async (tx) => {
    await holdLatches(store, tx, [latch]);
    const ends = await loadEnds(store, tx, behind);
    const rows: StretchTable[] = [];
    const last: StretchTable[] = [];
    for (const { stream, head, end, events } of found) {
      // another instance was quicker
      if ((ends.get(stream)?.last_seq ?? null) !== (end?.last ?? null)) continue;
      const from = isCut({ head, end }) ? null : end;
      if (from !== end) await forget(store, tx, stream);
      const grown = extendStretches(from, events).map((stretch) =>
        stretchRow(organisation, stream, stretch),
      );
      if (from && grown[0]?.first_seq === from.first) await drop(store, tx, stream, from);
      rows.push(...grown);
      last.push(...grown.slice(-1));
    }
    await engine.insertMany(tx, 'stretch', rows);
    await engine.upsertMany(tx, 'stretch_end', ['organisation', 'stream'], last);
  });
  return found.flatMap(({ stream, events }) => (events.length === 0 ? stream : []));
}

/** Whether the ledger ends before what was followed: an earlier copy of it was put in its place. */
const isCut = ({ head, end }: Pick<Behind, 'head' | 'end'>): boolean =>
  end !== null && end.last > head;

const stretchRow = (organisation: string, stream: string, stretch: Stretch): StretchTable => ({
  organisation,
  stream,
  first_seq: stretch.first,
  last_seq: stretch.last,
  from_at: stretch.fromAt,
  until_at: stretch.untilAt,
});

async function loadEnds(
  { organisation }: Store,
  tx: Tx,
  behind: readonly Behind[],
): Promise<Map<string, StretchTable>> {
  const rows = await tx
    .selectFrom('stretch_end')
    .selectAll()
    .where('organisation', '=', organisation)
    .where(
      'stream',
      'in',
      behind.map(({ stream }) => stream),
    )
    .execute();
  return new Map(rows.map((row) => [row.stream, row]));
}

async function drop(
  { organisation }: Store,
  tx: Tx,
  stream: StreamName,
  { first, untilAt }: Stretch,
): Promise<void> {
  await tx
    .deleteFrom('stretch')
    .where('organisation', '=', organisation)
    .where('until_at', '=', untilAt)
    .where('stream', '=', stream)
    .where('first_seq', '=', first)
    .execute();
}

async function forget({ organisation }: Store, tx: Tx, stream: StreamName): Promise<void> {
  for (const table of ['stretch', 'stretch_end'] as const) {
    await tx
      .deleteFrom(table)
      .where('organisation', '=', organisation)
      .where('stream', '=', stream)
      .execute();
  }
}
