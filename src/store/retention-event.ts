import type { SessionId, StreamName } from '../core/brand.ts';
import { type EventKind, retiredTypes } from '../core/retention.ts';
import { padded, type Tx } from './engine.ts';
import { clearAttempts, listAttempts } from './evidence.ts';
import { organisationStream, type Store, sessionOf, sessionStream } from './store.ts';

/** Events that are looked at in one go. */
const windowSize = 500;

/** An event whose sealed data are old enough to go. */
export interface DueEvent {
  readonly seq: number;
  readonly receivedAt: number;
  /** Whom it is about, and who did it. */
  readonly people: readonly string[];
}

/** Some of them, of one stream. */
export interface DuePage {
  readonly stream: StreamName;
  readonly events: readonly DueEvent[];
  /** Up to this sequence nothing of the kind is left once these are gone. */
  readonly done: number;
}

/**
 * Sealed data of a kind that were received before the cut-off, stream by stream, oldest first; those of sessions that
 * are not over yet, and of whoever is held, are passed over. Goes on behind the marks, so that what is gone costs nothing.
 */
export async function* walkDue(
  store: Store,
  kind: EventKind,
  cutoff: number,
  held: ReadonlySet<string>,
): AsyncGenerator<DuePage, void> {
  for (const { stream, after } of await listStreams(store, kind, cutoff)) {
    yield* walkStream(store, { kind, stream, after, cutoff, held });
  }
}

interface Walk {
  readonly kind: EventKind;
  readonly stream: StreamName;
  readonly after: number;
  readonly cutoff: number;
  readonly held: ReadonlySet<string>;
}

async function* walkStream(
  store: Store,
  { kind, stream, after, cutoff, held }: Walk,
): AsyncGenerator<DuePage, void> {
  const types: readonly string[] = retiredTypes[kind];
  let isWhole = true;
  let done = after;
  for (let last = after; ; ) {
    const rows = await store.engine.read
      .selectFrom('event')
      .select(({ eb }) => [
        'seq',
        'type',
        'received_at',
        'subject',
        'actor',
        eb('payload', 'is not', null).as('sealed'),
      ])
      .where('organisation', '=', store.organisation)
      .where('stream', '=', stream)
      .where('seq', '>', last)
      .orderBy('seq')
      .limit(windowSize)
      .execute();
    const events: DueEvent[] = [];
    for (const { seq, type, received_at, subject, actor, sealed } of rows) {
      last = seq;
      const isTheirs = Boolean(sealed) && types.includes(type);
      const people = subject === null ? [actor] : [subject, actor];
      const isHeld = people.some((person) => held.has(person));
      const isDue = isTheirs && received_at < cutoff && !isHeld;
      if (isDue) events.push({ seq, receivedAt: received_at, people });
      if (received_at >= cutoff || (isTheirs && !isDue)) isWhole = false;
      if (isWhole) done = seq;
    }
    if (events.length > 0 || done > after) yield { stream, events, done };
    // time goes forward in a stream: behind the cut-off nothing is old enough
    if (rows.length < windowSize || (rows.at(-1)?.received_at ?? 0) >= cutoff) return;
  }
}

/** Where events of a kind may lie that are not gone yet, and behind which sequence. */
async function listStreams(
  store: Store,
  kind: EventKind,
  cutoff: number,
): Promise<{ stream: StreamName; after: number }[]> {
  const { engine, organisation } = store;
  const rows = await engine.read
    .selectFrom('retention_mark')
    .select(['stream', 'seq'])
    .where('organisation', '=', organisation)
    .where('kind', '=', kind)
    .execute();
  const marks = new Map(rows.map(({ stream, seq }) => [stream, seq]));
  if (kind === 'access') {
    return [{ stream: organisationStream, after: marks.get(organisationStream) ?? 0 }];
  }
  const sessions = await engine.read
    .selectFrom('session')
    .select('session')
    .where('organisation', '=', organisation)
    .where('state', 'in', ['closed', 'cancelled'])
    .where('created_at', '<', cutoff)
    .orderBy('starts_at')
    .execute();
  const heads = await engine.read
    .selectFrom('stream')
    .select(['stream', 'seq'])
    .where('organisation', '=', organisation)
    .execute();
  const ends = new Map(heads.map(({ stream, seq }) => [stream, seq]));
  return sessions.flatMap(({ session }) => {
    const stream = sessionStream(session as SessionId);
    const after = marks.get(stream) ?? 0;
    return after < (ends.get(stream) ?? 0) ? [{ stream, after }] : [];
  });
}

/**
 * Destroys the sealed data of these events, and what else tells which browser a check-in came from. Records and chain
 * stay. How many it were that still had any.
 */
export async function destroyEvents(
  store: Store,
  tx: Tx,
  kind: EventKind,
  { stream, events }: DuePage,
): Promise<number> {
  if (events.length === 0) return 0;
  const seqs = padded(events.map(({ seq }) => seq));
  if (kind === 'evidence') await clearOrigins(store, tx, stream, seqs);
  const { numUpdatedRows } = await tx
    .updateTable('event')
    .set({ payload: null })
    .where('organisation', '=', store.organisation)
    .where('stream', '=', stream)
    .where('seq', 'in', seqs)
    .where('payload', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** The browser of an attempt, and its claim, tie a person to others for whom the same phone spoke. */
async function clearOrigins(
  store: Store,
  tx: Tx,
  stream: StreamName,
  seqs: readonly number[],
): Promise<void> {
  const { organisation } = store;
  const rows = await tx
    .selectFrom('event')
    .select(['id', 'subject', 'payload'])
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('seq', 'in', seqs)
    .where('payload', 'is not', null)
    .execute();
  const { attempts, browsers } = await listAttempts(store, tx, rows);
  await clearAttempts(store, tx, attempts);
  const session = sessionOf(stream);
  if (browsers.size === 0 || session === null) return;
  await tx
    .deleteFrom('claim')
    .where('organisation', '=', organisation)
    .where('session', '=', session)
    .where('browser', 'in', padded([...browsers]))
    .execute();
}
