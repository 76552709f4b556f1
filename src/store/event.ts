import type { EventId, Instant, OrganisationId, PersonId, StreamName } from '../core/brand.ts';
import type { ChainedEvent } from '../core/ledger.ts';
import type { RecordChange, RecordState } from '../core/record.ts';
import type { EventTable } from './schema.ts';
import type { Store } from './store.ts';

/** A stored row as the rules of the chain read it. */
export function readEvent(row: EventTable): ChainedEvent {
  return {
    organisation: row.organisation as OrganisationId,
    stream: row.stream as StreamName,
    seq: row.seq,
    id: row.id as EventId,
    type: row.type,
    occurredAt: row.occurred_at as Instant,
    receivedAt: row.received_at as Instant,
    actor: row.actor,
    subject: row.subject,
    facts: row.facts,
    digest: row.digest,
    hash: row.hash,
  };
}

/** Whom an event of some kind was about. */
export interface EventNotice {
  readonly type: string;
  readonly subject: string | null;
  /** A guest who turned out to be the subject. */
  readonly alias: string | null;
}

/** Some events of a stream: after one sequence and up to another. */
interface Part {
  readonly after: number;
  readonly head: number;
  readonly types: readonly string[];
}

const eventsOf = (
  { engine, organisation }: Store,
  stream: StreamName,
  { after, head, types }: Part,
) =>
  engine.read
    .selectFrom('event')
    .where('organisation', '=', organisation)
    .where('stream', '=', stream)
    .where('seq', '>', after)
    .where('seq', '<=', head)
    .where('type', 'in', types)
    .orderBy('seq');

/** The events of these types in a part of a stream, whole. */
export const loadEventsOf = (store: Store, stream: StreamName, part: Part): Promise<EventTable[]> =>
  eventsOf(store, stream, part).selectAll().execute();

/** The same, but only whom they are about. */
export async function listEventsOf(
  store: Store,
  stream: StreamName,
  part: Part,
): Promise<EventNotice[]> {
  const rows = await eventsOf(store, stream, part).select(['type', 'subject', 'facts']).execute();
  return rows.map(({ type, subject, facts }) => {
    const { alias = null } = JSON.parse(facts) as { alias?: string };
    return { type, subject, alias };
  });
}

/**
 * What an event does to the records of its session, or null where it leaves them alone.
 * @throws SyntaxError where the facts are not JSON: the row was changed by another hand
 */
export function readChange({
  subject,
  facts,
}: Pick<EventTable, 'subject' | 'facts'>): RecordChange | null {
  if (subject === null) return null;
  const { record, movedFrom } = JSON.parse(facts) as {
    record?: RecordState;
    movedFrom?: PersonId;
  };
  if (!record) return null;
  return {
    subject: subject as PersonId,
    record,
    ...(movedFrom === undefined ? {} : { movedFrom }),
  };
}
