import type { EventId, Instant, PersonId, SessionId, StreamName } from '../core/brand.ts';
import type { RecordState } from '../core/record.ts';
import { padded } from './engine.ts';
import { loadPersonKeys } from './key.ts';
import { listPersonStreams, withAliases } from './person-stream.ts';
import { type Destroyed, traceDestroyed } from './retention-trace.ts';
import type { EventTable } from './schema.ts';
import { type Store, sessionStream } from './store.ts';

/** One event in plain facts. */
export interface HistoryEvent {
  readonly stream: StreamName;
  readonly seq: number;
  readonly id: EventId;
  readonly type: string;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  /** A person's id, or `phone`, `job`, `operator`. */
  readonly actor: string;
  readonly subject: PersonId | null;
  /** What stands for the subject from here on, where the event says so. */
  readonly record: RecordState | null;
  /** Every other fact of the header. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What lay sealed; null where there was nothing or it was destroyed. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** By which rule of retention what lay sealed was destroyed, and when; null where it was not. */
  readonly destroyed: Destroyed | null;
  readonly hash: string;
}

/** The events of a session, or those of one person in it, in the order of the ledger. */
export async function loadSessionHistory(
  store: Store,
  session: SessionId,
  person?: PersonId,
): Promise<HistoryEvent[]> {
  let query = store.engine.read
    .selectFrom('event')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('stream', '=', sessionStream(session));
  if (person !== undefined)
    query = query.where('subject', 'in', await withAliases(store, store.engine.read, [person]));
  return present(store, await query.orderBy('seq').execute());
}

/** All events about these people and the guests who turned out to be them, in the order in which they were received. */
export async function loadPersonHistory(
  store: Store,
  people: readonly PersonId[],
): Promise<HistoryEvent[]> {
  const { engine, organisation } = store;
  const subjects = await withAliases(store, engine.read, people);
  if (subjects.length === 0) return [];
  const rows: EventTable[] = [];
  for (const streams of await listPersonStreams(store, engine.read, subjects)) {
    const some = await engine.read
      .selectFrom('event')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('stream', 'in', padded(streams))
      .where('subject', 'in', padded(subjects))
      .execute();
    rows.push(...some);
  }
  rows.sort(
    (left, right) =>
      left.received_at - right.received_at ||
      (left.stream < right.stream ? -1 : left.stream > right.stream ? 1 : left.seq - right.seq),
  );
  return present(store, rows);
}

async function present(store: Store, rows: readonly EventTable[]): Promise<HistoryEvent[]> {
  const subjects = rows.flatMap(({ subject, payload }) => (payload ? (subject ?? []) : []));
  const keys = await loadPersonKeys(store, store.engine.read, subjects);
  const destroyed = await traceDestroyed(store, rows);
  return rows.map((row, index) => {
    const { record = null, ...facts } = JSON.parse(row.facts) as { record?: RecordState };
    return {
      stream: row.stream as StreamName,
      seq: row.seq,
      id: row.id as EventId,
      type: row.type,
      occurredAt: row.occurred_at as Instant,
      receivedAt: row.received_at as Instant,
      actor: row.actor,
      subject: row.subject as PersonId | null,
      record,
      facts,
      data: openData(store, row, keys),
      destroyed: destroyed[index] ?? null,
      hash: row.hash,
    };
  });
}

function openData(
  store: Store,
  { id, subject, payload }: EventTable,
  keys: ReadonlyMap<string, Uint8Array>,
): HistoryEvent['data'] {
  const key = subject === null ? null : keys.get(subject);
  if (!payload || key === undefined) return null;
  return JSON.parse(store.vault.openPayload(id, key, payload).data) as HistoryEvent['data'];
}
