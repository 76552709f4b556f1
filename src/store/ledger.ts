import type { EventId, Instant, PersonId, StreamName } from '../core/brand.ts';
import { makeId } from '../core/id.ts';
import {
  canonicalJson,
  digestPayload,
  type EventHeader,
  genesis,
  hashEvent,
  noData,
} from '../core/ledger.ts';
import type { RecordState } from '../core/record.ts';
import { decideAgain, Unanswered, type Written } from './decide-again.ts';
import { OutcomeUnknown, padded, type Tx } from './engine.ts';
import { hashText } from './hash-text.ts';
import type { EventTable, RecordTable, StreamTable } from './schema.ts';
import { type Store, sessionOf } from './store.ts';

/** An event as a use case writes it; place in the stream, id and hashes are given on appending. */
export interface EventDraft {
  readonly stream: StreamName;
  readonly type: string;
  readonly occurredAt: Instant;
  readonly actor: string;
  readonly subject: PersonId | null;
  /** Facts that name nobody: hashed in the clear, kept for ever. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Personal or confidential data: sealed under the subject's key, or the organisation's where there is no subject. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The subject's key; needed where `data` is about a person. */
  readonly key?: Uint8Array;
  /** What stands for the subject in the stream's session from now on. */
  readonly record?: RecordState;
  /** A guest whose record moves to the subject. */
  readonly movedFrom?: PersonId;
}

/** A transaction in which events can be appended. */
export interface Writing {
  readonly tx: Tx;
  readonly now: Instant;
  /**
   * Holds these streams until the commit: what is read after it cannot change before. Statements that are sent behind
   * it run behind it. Resolves with false where a stream had to be begun: then they may have run before it was held.
   */
  lock(streams: readonly StreamName[]): Promise<boolean>;
  /** Events so far in a stream that is locked. */
  lengthOf(stream: StreamName): number;
  /** Events with their places and hashes; the rows are on their way and in the database before the commit. */
  append(drafts: readonly EventDraft[]): Promise<EventTable[]>;
  /** Takes over a statement that nobody waits for: the commit does. */
  send(statement: Promise<unknown>): void;
}

/** Takes back what was only tried. */
class Rehearsed extends Error {
  override readonly name = 'Rehearsed';
}

/**
 * Runs one use case in one durable transaction and wakes the readers of the streams that grew. A use case returns
 * a refusal before it writes anything; an exception rolls everything back. `work` is run again where the database
 * gave another transaction precedence, or lost the connection: it decides on what stands then.
 */
export async function commit<T>(store: Store, work: (writing: Writing) => Promise<T>): Promise<T> {
  const { events, result } = await decideAgain(store, {
    try: () => attempt(store, work),
    landed: (unknown) => hasLanded(store, unknown),
    onRetry: store.onRetry,
  });
  if (events.length > 0) {
    store.wake([...new Set(events.map(({ stream }) => stream as StreamName))]);
  }
  return result;
}

async function attempt<T>(
  store: Store,
  work: (writing: Writing) => Promise<T>,
): Promise<Written<T>> {
  const sent: Promise<unknown>[] = [];
  const events: EventTable[] = [];
  const { engine } = store;
  const written = { events } as { events: EventTable[]; result: T };
  try {
    await engine.write(async (tx) => {
      const heads = new Map<StreamName, StreamTable>();
      const send = (statement: Promise<unknown>): void => {
        // its failure fails the commit too, which reports it
        statement.catch(() => {});
        sent.push(statement);
      };
      const now = store.clock.now();
      written.result = await work({
        tx,
        now,
        send,
        lock: (streams) => lockHeads(store, tx, heads, streams),
        lengthOf: (stream) => heads.get(stream)?.seq ?? 0,
        append: async (drafts) => {
          if (drafts.length === 0) return [];
          const streams = drafts.map(({ stream }) => stream);
          if (streams.some((stream) => !heads.has(stream))) {
            await lockHeads(store, tx, heads, streams);
          }
          const appended = append(store, tx, heads, drafts, now, send);
          events.push(...appended);
          for (const draft of drafts) if (draft.movedFrom) await forgetMoved(store, tx, draft);
          return appended;
        },
      });
      // where the engine's thread keeps the order of statements, the commit may follow without waiting
      if (!engine.exclusive || store.isRehearsal) {
        await Promise.all(sent);
        await dropEmpty(store, tx, heads);
      }
      if (store.isRehearsal) throw new Rehearsed();
    });
  } catch (error) {
    if (error instanceof Rehearsed) return { events: [], result: written.result };
    if (error instanceof OutcomeUnknown) throw new Unanswered(written, error);
    throw error;
  }
  await Promise.all(sent);
  return written;
}

/** A stream that was begun to be locked, and nothing came of it, was never there for anybody. */
async function dropEmpty(
  { organisation }: Store,
  tx: Tx,
  heads: ReadonlyMap<StreamName, StreamTable>,
): Promise<void> {
  const empty = [...heads.values()].filter(({ seq }) => seq === 0).map(({ stream }) => stream);
  if (empty.length === 0) return;
  await tx
    .deleteFrom('stream')
    .where('organisation', '=', organisation)
    .where('stream', 'in', padded(empty))
    .where('seq', '=', 0)
    .execute();
}

/** Whether a transaction stands whose commit was not answered: under its stream's lock nobody is still at it. */
async function hasLanded(store: Store, { events }: Written<unknown>): Promise<boolean> {
  const first = events[0];
  if (!first) return false;
  return store.engine.write(async (tx) => {
    const heads = new Map<StreamName, StreamTable>();
    await lockHeads(store, tx, heads, [first.stream as StreamName]);
    const row = await tx
      .selectFrom('event')
      .select('id')
      .where('organisation', '=', first.organisation)
      .where('stream', '=', first.stream)
      .where('seq', '=', first.seq)
      .executeTakeFirst();
    if (!store.engine.exclusive) await dropEmpty(store, tx, heads);
    return row?.id === first.id;
  });
}

function append(
  store: Store,
  tx: Tx,
  heads: Map<StreamName, StreamTable>,
  drafts: readonly EventDraft[],
  now: Instant,
  send: Writing['send'],
): EventTable[] {
  const events = drafts.map((draft) =>
    chain(store, draft, heads.get(draft.stream) as StreamTable, now),
  );
  const { engine } = store;
  const grown = [...new Set(drafts.map(({ stream }) => stream))];
  const rows = grown.map((stream) => ({ ...(heads.get(stream) as StreamTable) }));
  send(engine.insertMany(tx, 'event', events));
  send(engine.upsertMany(tx, 'stream', ['organisation', 'stream'], rows));
  send(
    engine.upsertMany(
      tx,
      'record',
      ['organisation', 'session', 'person'],
      recordsOf(drafts, events),
    ),
  );
  return events;
}

/** Heads in sorted order, so that two writers never wait for each other in a circle. */
async function lockHeads(
  store: Store,
  tx: Tx,
  heads: Map<StreamName, StreamTable>,
  streams: readonly StreamName[],
): Promise<boolean> {
  const { organisation, engine } = store;
  const wanted = [...new Set(streams)].filter((stream) => !heads.has(stream)).sort();
  if (wanted.length === 0) return true;
  await loadHeads(store, tx, heads, wanted);
  const fresh = wanted.filter((stream) => !heads.has(stream));
  if (fresh.length === 0) return true;
  const begin = (stream: StreamName) => ({ organisation, stream, seq: 0, hash: genesis });
  if (engine.exclusive) {
    for (const stream of fresh) heads.set(stream, begin(stream));
    return true;
  }
  // a stream that nobody has written to has no row to lock yet
  await engine.insertMissing(tx, 'stream', fresh.map(begin));
  await loadHeads(store, tx, heads, fresh);
  return false;
}

async function loadHeads(
  { engine, organisation }: Store,
  tx: Tx,
  heads: Map<StreamName, StreamTable>,
  streams: readonly StreamName[],
): Promise<void> {
  const query = tx
    .selectFrom('stream')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('stream', 'in', padded(streams))
    .orderBy('stream');
  const rows = await (engine.exclusive ? query : query.forUpdate()).execute();
  for (const row of rows) heads.set(row.stream as StreamName, row);
}

function chain(store: Store, draft: EventDraft, head: StreamTable, now: Instant): EventTable {
  const { organisation, vault, random, signIn } = store;
  const { record, movedFrom } = draft;
  const header: EventHeader = {
    organisation,
    stream: draft.stream,
    seq: head.seq + 1,
    id: makeId<EventId>(now, random),
    type: draft.type,
    occurredAt: draft.occurredAt,
    receivedAt: now,
    actor: draft.actor,
    subject: draft.subject,
    facts: canonicalJson({ signIn, ...draft.facts, record, movedFrom }),
  };
  let payload: Uint8Array | null = null;
  let digest = noData;
  if (draft.data) {
    if (draft.subject && !draft.key)
      throw new Error(`${draft.type}: data about a person need the person's key`);
    const salt = Buffer.from(random.bytes(16)).toString('base64url');
    const data = canonicalJson(draft.data);
    digest = digestPayload(salt, data, hashText);
    payload = vault.sealPayload(header.id, draft.key ?? null, salt, data);
  }
  const hash = hashEvent(head.hash, header, digest, hashText);
  head.seq = header.seq;
  head.hash = hash;
  return {
    organisation,
    stream: header.stream,
    seq: header.seq,
    id: header.id,
    type: header.type,
    occurred_at: header.occurredAt,
    received_at: now,
    actor: header.actor,
    subject: header.subject,
    facts: header.facts,
    payload,
    digest,
    hash,
  };
}

/** The derived rows, one per person: the last event's word. */
function recordsOf(drafts: readonly EventDraft[], events: readonly EventTable[]): RecordTable[] {
  const rows = new Map<string, RecordTable>();
  for (const [index, draft] of drafts.entries()) {
    const session = sessionOf(draft.stream);
    if (!draft.record || !session || !draft.subject) continue;
    const event = events[index] as EventTable;
    rows.set(
      `${session}/${draft.subject}`,
      recordRow(event.organisation, session, draft.subject, draft.record, event.seq),
    );
  }
  return [...rows.values()];
}

export function recordRow(
  organisation: string,
  session: string,
  person: string,
  record: RecordState,
  seq: number,
): RecordTable {
  const { status, at, minutesLate, how, pending } = record;
  return {
    organisation,
    session,
    person,
    status,
    at,
    minutes_late: minutesLate,
    how,
    pending: pending ? 1 : 0,
    seq,
  };
}

async function forgetMoved(
  { organisation }: Store,
  tx: Tx,
  { movedFrom, stream }: EventDraft,
): Promise<void> {
  const session = sessionOf(stream);
  if (!movedFrom || !session) return;
  await tx
    .deleteFrom('record')
    .where('organisation', '=', organisation)
    .where('session', '=', session)
    .where('person', '=', movedFrom)
    .execute();
}
