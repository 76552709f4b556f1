import type { EventId, Instant, OrganisationId, PersonId, StreamName } from '../core/brand.ts';
import type { ChainedEvent } from '../core/ledger.ts';
import type { RecordChange, RecordState } from '../core/record.ts';
import type { EventTable } from './schema.ts';

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
