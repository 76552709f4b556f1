import type { SessionId } from '../core/brand.ts';
import type { RecordState } from '../core/record.ts';
import type { HistoryLine } from '../core/session.wire.ts';
import { loadPersonKeys } from '../store/key.ts';
import { traceDestroyed } from '../store/retention-trace.ts';
import { sessionStream } from '../store/store.ts';
import type { App } from './app.ts';

/** The events behind a session's records, or behind one person's, oldest first, with the actors' names. */
export async function presentHistory(
  app: App,
  id: SessionId,
  person: string | null,
): Promise<HistoryLine[]> {
  const { store, directory } = app;
  let query = store.engine.read
    .selectFrom('event')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('stream', '=', sessionStream(id));
  if (person !== null) query = query.where('subject', '=', person);
  const rows = await query.orderBy('seq').limit(5_000).execute();
  const people = await directory.get(rows.flatMap(({ actor, subject }) => [actor, subject ?? '']));
  const keys = await loadPersonKeys(
    store,
    store.engine.read,
    rows.flatMap(({ subject }) => subject ?? []),
  );
  const name = (who: string | null) =>
    who === null ? null : (people.get(who as never)?.name ?? who);
  const destroyed = await traceDestroyed(store, rows);
  return rows.map((row, index) => {
    const { record = null } = JSON.parse(row.facts) as { record?: RecordState };
    const key = row.subject === null ? null : keys.get(row.subject);
    const data =
      row.payload && key !== undefined
        ? (JSON.parse(store.vault.openPayload(row.id, key, row.payload).data) as {
            note?: string;
            reason?: string;
          })
        : {};
    return {
      seq: row.seq,
      type: row.type,
      at: row.occurred_at,
      receivedAt: row.received_at,
      actor: name(row.actor) ?? row.actor,
      subject: name(row.subject),
      record,
      note: data.note ?? data.reason ?? null,
      destroyed: destroyed[index] ?? null,
      hash: row.hash,
    };
  });
}
