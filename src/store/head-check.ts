import type { StreamName } from '../core/brand.ts';
import { hashEvent } from '../core/ledger.ts';
import { readEvent } from './event.ts';
import { hashText } from './hash-text.ts';
import { organisationStream, peopleStream, type Store } from './store.ts';

/** What a quick look at the ledger found; it reads the ends of streams, not their whole length. */
export interface HeadCheck {
  readonly streams: number;
  /** Streams whose end is not what it should be, 20 at most. */
  readonly wrong: readonly StreamName[];
  /** When the newest event of the organisation's own streams was received, or null. */
  readonly newestAt: number | null;
}

const fewest = 20;
const tail = 100;

/**
 * Compares the head of every stream with its last event, and walks the last events of people and organisation. Whether
 * everything holds, only `verifyLedger` says.
 */
export async function checkHeads(store: Store): Promise<HeadCheck> {
  const { engine, organisation } = store;
  const [{ streams }, loose, ...tails] = await Promise.all([
    engine.read
      .selectFrom('stream')
      .select(({ fn }) => fn.countAll<number | string>().as('streams'))
      .where('organisation', '=', organisation)
      .executeTakeFirstOrThrow(),
    listLooseHeads(store),
    ...[organisationStream, peopleStream].map((stream) => checkTail(store, stream)),
  ]);
  const broken = tails.flatMap(({ stream, holds }) => (holds ? [] : [stream]));
  const times = tails.flatMap(({ newestAt }) => newestAt ?? []);
  return {
    streams: Number(streams),
    wrong: [...new Set([...loose, ...broken])],
    newestAt: times.length > 0 ? Math.max(...times) : null,
  };
}

/** Heads that are not the hash of the event at their place. */
async function listLooseHeads({ engine, organisation }: Store): Promise<StreamName[]> {
  const rows = await engine.read
    .selectFrom('stream')
    .leftJoin('event', (join) =>
      join
        .onRef('event.organisation', '=', 'stream.organisation')
        .onRef('event.stream', '=', 'stream.stream')
        .onRef('event.seq', '=', 'stream.seq'),
    )
    .select('stream.stream as name')
    .where('stream.organisation', '=', organisation)
    .where('stream.seq', '>', 0)
    .where((eb) =>
      eb.or([eb('event.hash', 'is', null), eb('event.hash', '!=', eb.ref('stream.hash'))]),
    )
    .limit(fewest)
    .execute();
  return rows.map(({ name }) => name as StreamName);
}

async function checkTail({ engine, organisation }: Store, stream: StreamName) {
  const rows = await engine.read
    .selectFrom('event')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .orderBy('seq', 'desc')
    .limit(tail)
    .execute();
  const holds = rows.every((row, index) => {
    const before = rows[index + 1];
    if (!before) return true;
    const event = readEvent(row);
    return (
      row.seq === before.seq + 1 &&
      hashEvent(before.hash, event, event.digest, hashText) === row.hash
    );
  });
  return { stream, holds, newestAt: rows[0]?.received_at ?? null };
}
