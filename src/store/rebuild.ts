import type { SessionId } from '../core/brand.ts';
import { ChainCheck } from '../core/ledger.ts';
import type { Tx } from './engine.ts';
import { readEvent } from './event.ts';
import { hashText } from './hash-text.ts';
import { commit } from './ledger.ts';
import { RecordFold, sameRecord } from './record-fold.ts';
import type { RecordTable } from './schema.ts';
import { organisationStream, type Store, sessionOf, sessionStream } from './store.ts';
import { listStreams, walkStream } from './stream-walk.ts';

/** The ledger itself does not hold, so nothing can be rebuilt from it. */
export class LedgerBroken extends Error {
  override readonly name = 'LedgerBroken';
}

/** A record that was not what the events say. */
export interface RecordDifference {
  readonly session: string;
  readonly person: string;
  readonly stored: RecordTable | null;
  readonly rebuilt: RecordTable | null;
}

export interface RebuildReport {
  readonly sessions: number;
  readonly records: number;
  readonly differences: readonly RecordDifference[];
}

/**
 * Makes the record table say what the ledger says, in one transaction, and tells what differed. Where something did,
 * an event `records.rebuilt` says so.
 * @throws LedgerBroken where a chain does not hold; nothing is changed then
 */
export function rebuildRecords(store: Store, actor: string): Promise<RebuildReport> {
  return commit(store, async ({ tx, now, lock, append }) => {
    const sessions = await listSessionIds(store, tx);
    const differences: RecordDifference[] = [];
    let records = 0;
    for (const session of sessions) {
      // events and records are read one after the other: nobody may write between
      await lock([sessionStream(session)]);
      const derived = await deriveRecords(store, tx, session);
      records += derived.size;
      differences.push(...(await compare(store, tx, session, derived)));
    }
    await mend(store, tx, differences);
    if (differences.length > 0) {
      const facts = { records, differences: differences.length };
      const stream = organisationStream;
      await append([
        { stream, type: 'records.rebuilt', occurredAt: now, actor, subject: null, facts },
      ]);
    }
    return { sessions: sessions.length, records, differences };
  });
}

async function listSessionIds(store: Store, tx: Tx): Promise<SessionId[]> {
  const ids = new Set<string>();
  for (const stream of await listStreams(store, tx)) {
    const session = sessionOf(stream);
    if (session !== null) ids.add(session);
  }
  const rows = await tx
    .selectFrom('record')
    .select('session')
    .distinct()
    .where('organisation', '=', store.organisation)
    .execute();
  for (const { session } of rows) ids.add(session);
  return [...ids].sort() as SessionId[];
}

async function deriveRecords(
  store: Store,
  tx: Tx,
  session: SessionId,
): Promise<Map<string, RecordTable>> {
  const fold = new RecordFold();
  const chain = new ChainCheck(hashText);
  const stream = sessionStream(session);
  const pages = walkStream(store, tx, stream);
  for (;;) {
    const step = await pages.next();
    if (!step.done) {
      for (const row of step.value) {
        chain.next(readEvent(row));
        if (!chain.fault) fold.next(row);
      }
      continue;
    }
    const fault = chain.end(stream, step.value);
    if (!fault) return fold.rows(store.organisation, session);
    throw new LedgerBroken(
      `The ledger does not hold at ${stream}, event ${fault.seq}: nothing was rebuilt. See all of it with: muster verify`,
    );
  }
}

async function compare(
  store: Store,
  tx: Tx,
  session: string,
  derived: ReadonlyMap<string, RecordTable>,
): Promise<RecordDifference[]> {
  const rows = await tx
    .selectFrom('record')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('session', '=', session)
    .execute();
  const standing = new Map(rows.map((row) => [row.person, row]));
  const people = new Set([...derived.keys(), ...standing.keys()]);
  return [...people].flatMap((person) => {
    const rebuilt = derived.get(person);
    const stored = standing.get(person);
    if (sameRecord(stored, rebuilt)) return [];
    return { session, person, stored: stored ?? null, rebuilt: rebuilt ?? null };
  });
}

async function mend(store: Store, tx: Tx, differences: readonly RecordDifference[]): Promise<void> {
  const rebuilt = differences.flatMap((difference) => difference.rebuilt ?? []);
  await store.engine.upsertMany(tx, 'record', ['organisation', 'session', 'person'], rebuilt);
  for (const { session, person, rebuilt: stays } of differences) {
    if (stays) continue;
    await tx
      .deleteFrom('record')
      .where('organisation', '=', store.organisation)
      .where('session', '=', session)
      .where('person', '=', person)
      .execute();
  }
}
