import type { Instant, PersonId, SessionId } from '../core/brand.ts';
import { type RecordState, unmarked } from '../core/record.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { deriveArrival } from '../core/session.ts';
import { attended, type Status } from '../core/status.ts';
import { listBoardPeople } from '../store/board.ts';
import { loadPersonKeys } from '../store/key.ts';
import { commit, type EventDraft, type Writing } from '../store/ledger.ts';
import { readRecord } from '../store/record.ts';
import type { RecordTable } from '../store/schema.ts';
import { loadSession, type SessionRow } from '../store/session.ts';
import { type Store, sessionStream } from '../store/store.ts';
import type { App } from './app.ts';

/** What a host says of some people; null takes their mark away. */
interface Word {
  readonly people: readonly PersonId[];
  readonly status: Status | null;
  readonly note?: string | undefined;
}

/**
 * Marks people as a host says, in one word or in several; of two about one person the later counts. Every one of them is
 * on the board, or none is marked.
 */
export async function markPeople(
  app: App,
  actor: string,
  id: SessionId,
  { also = [], ...first }: Word & { readonly also?: readonly Word[] | undefined },
): Promise<{ seq: number } | Refusal> {
  const { store } = app;
  const words = new Map(
    [first, ...also].flatMap((word) => word.people.map((person) => [person, word])),
  );
  const people = [...words.keys()];
  return commit(store, async (writing) => {
    await writing.lock([sessionStream(id)]);
    const session = await loadSession(store, writing.tx, id);
    if (!session) return refuse('not-found');
    if (session.state === 'planned' || session.state === 'cancelled') {
      return refuse('session-state', { state: session.state, move: 'mark' });
    }
    const onBoard = new Set(await listBoardPeople(store, session, writing.tx));
    if (!people.every((person) => onBoard.has(person))) return refuse('not-found');
    const stands = await loadRecords(store, writing, id, people);
    const keys = await loadPersonKeys(store, writing.tx, people);
    const drafts = [...words].map(([person, { status, note }]): EventDraft => {
      const key = keys.get(person);
      const before = stands.get(person);
      const draft: EventDraft = {
        stream: sessionStream(id),
        type: 'mark',
        occurredAt: writing.now,
        actor,
        subject: person,
        facts: { previous: before?.seq ?? 0, before: { status: before?.status ?? null } },
        record: markedRecord(session, before ? readRecord(before) : unmarked, status, writing.now),
      };
      return note !== undefined && key ? { ...draft, key, data: { note } } : draft;
    });
    const events = await writing.append(drafts);
    return { seq: events.at(-1)?.seq ?? 0 };
  });
}

/** A person who came keeps the time of coming; the minutes late follow from it. */
function markedRecord(
  session: SessionRow,
  before: RecordState,
  status: Status | null,
  now: Instant,
): RecordState {
  if (status === null) return unmarked;
  const came = attended(before.status) ? before.at : null;
  // marked afterwards, nobody knows the minute: the session's start keeps it on the session's day
  const arrival = session.state === 'open' ? now : session.startsAt;
  const at = attended(status) ? (came ?? arrival) : null;
  const minutesLate =
    status === 'late' && at !== null
      ? Math.max(deriveArrival({ ...session, lateAfterMinutes: 0 }, at).minutesLate, 1)
      : 0;
  return { status, at, minutesLate, how: 'host', pending: false };
}

/** A note without a change of mark; empty text removes it. */
export async function notePerson(
  app: App,
  actor: string,
  id: SessionId,
  { person, note }: { person: PersonId; note: string },
): Promise<{ seq: number } | Refusal> {
  const { store } = app;
  return commit(store, async (writing) => {
    await writing.lock([sessionStream(id)]);
    const session = await loadSession(store, writing.tx, id);
    if (!session || !(await listBoardPeople(store, session, writing.tx)).includes(person))
      return refuse('not-found');
    const key = (await loadPersonKeys(store, writing.tx, [person])).get(person);
    if (!key) return refuse('not-found');
    const [event] = await writing.append([
      {
        stream: sessionStream(id),
        type: 'note',
        occurredAt: writing.now,
        actor,
        subject: person,
        key,
        data: { note },
      },
    ]);
    return { seq: event?.seq ?? 0 };
  });
}

interface Step {
  readonly seq: number;
  readonly type: string;
  readonly record: RecordState;
}

/** What stands, step by step, once every undo has removed the mark that it took back. */
function stackOf(rows: readonly { seq: number; type: string; facts: string }[]): Step[] {
  const stack: Step[] = [];
  for (const { seq, type, facts } of rows) {
    const { record } = JSON.parse(facts) as { record?: RecordState };
    if (type === 'mark.undone') stack.pop();
    else if (record) stack.push({ seq, type, record });
  }
  return stack;
}

/**
 * Takes back the person's latest mark that stands: what stood before it stands again, as a new event. `seq` is the
 * event behind the record that the host saw; where another came after it, nothing is taken back. A settled dispute
 * does not come back: its claims are gone.
 */
export async function undoMark(
  app: App,
  actor: string,
  id: SessionId,
  { person, seq }: { person: PersonId; seq: number },
): Promise<{ seq: number } | Refusal> {
  const { store } = app;
  return commit(store, async (writing) => {
    await writing.lock([sessionStream(id)]);
    const rows = await writing.tx
      .selectFrom('event')
      .select(['seq', 'type', 'facts'])
      .where('organisation', '=', store.organisation)
      .where('stream', '=', sessionStream(id))
      .where('subject', '=', person)
      .where('type', '!=', 'note')
      .orderBy('seq')
      .execute();
    const stack = stackOf(rows);
    const last = stack.at(-1);
    if (rows.at(-1)?.seq !== seq || last?.type !== 'mark') return refuse('nothing-to-undo');
    const [event] = await writing.append([
      {
        stream: sessionStream(id),
        type: 'mark.undone',
        occurredAt: writing.now,
        actor,
        subject: person,
        facts: { undoes: last.seq },
        record: stack.at(-2)?.record ?? unmarked,
      },
    ]);
    return { seq: event?.seq ?? 0 };
  });
}

async function loadRecords(
  store: Store,
  { tx }: Writing,
  session: SessionId,
  people: readonly PersonId[],
): Promise<Map<string, RecordTable>> {
  const found = new Map<string, RecordTable>();
  for (let start = 0; start < people.length; start += 500) {
    const rows = await tx
      .selectFrom('record')
      .selectAll()
      .where('organisation', '=', store.organisation)
      .where('session', '=', session)
      .where('person', 'in', people.slice(start, start + 500))
      .execute();
    for (const row of rows) found.set(row.person, row);
  }
  return found;
}
