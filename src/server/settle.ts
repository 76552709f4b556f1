import type { Instant, PersonId, SessionId } from '../core/brand.ts';
import { type RecordState, unmarked } from '../core/record.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { deriveArrival } from '../core/session.ts';
import type { TicketKind } from '../core/ticket.ts';
import { commit } from '../store/ledger.ts';
import { nameGuestAsClaimed } from '../store/person.ts';
import { loadSession } from '../store/session.ts';
import { peopleStream, sessionStream } from '../store/store.ts';
import type { App } from './app.ts';

/**
 * Settles a dispute: the kept phone's claim counts from the moment it was made, the others are dropped and their
 * phones may check in again with their own number. `keep` null drops them all.
 */
export async function settleClaim(
  app: App,
  actor: string,
  id: SessionId,
  { person, keep }: { person: PersonId; keep: string | null },
): Promise<{ seq: number } | Refusal> {
  const { store } = app;
  const { organisation } = store;
  const settled = await commit(store, async (writing) => {
    const { tx, now } = writing;
    const stream = sessionStream(id);
    await writing.lock([peopleStream, stream]);
    const session = await loadSession(store, tx, id);
    if (!session) return refuse('not-found');
    const stands = await tx
      .selectFrom('record')
      .select('pending')
      .where('organisation', '=', organisation)
      .where('session', '=', id)
      .where('person', '=', person)
      .executeTakeFirst();
    if (stands?.pending !== 1) return refuse('no-conflict');
    const claims = await tx
      .selectFrom('claim')
      .selectAll()
      .where('organisation', '=', organisation)
      .where('session', '=', id)
      .where('person', '=', person)
      .execute();
    const kept = claims.find(({ browser }) => browser === keep);
    if (keep !== null && !kept) return refuse('no-conflict');
    for (const { browser } of claims.filter((claim) => claim !== kept)) {
      await tx
        .deleteFrom('claim')
        .where('organisation', '=', organisation)
        .where('session', '=', id)
        .where('browser', '=', browser)
        .execute();
    }
    if (kept) {
      const { browser } = kept;
      await nameGuestAsClaimed(store, writing, actor, { session: id, person, browser });
    }
    const record: RecordState = kept
      ? {
          ...deriveArrival(session, kept.at as Instant),
          at: kept.at as Instant,
          how: kept.via as TicketKind,
          pending: false,
        }
      : unmarked;
    const [event] = await writing.append([
      {
        stream,
        type: 'check-in.settled',
        occurredAt: now,
        actor,
        subject: person,
        facts: { kept: keep, dropped: claims.length - (kept ? 1 : 0) },
        record,
      },
    ]);
    return { seq: event?.seq ?? 0 };
  });
  app.directory.forget(person);
  return settled;
}
