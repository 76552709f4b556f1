import { type AuditLine, type AuditPage, auditQuery } from '../core/audit.wire.ts';
import type { PersonId, StreamName } from '../core/brand.ts';
import { digestPayload } from '../core/ledger.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { listAudit, openPayloads } from '../store/audit.ts';
import { commit } from '../store/ledger.ts';
import type { EventTable } from '../store/schema.ts';
import { organisationStream, peopleStream } from '../store/store.ts';
import type { App } from './app.ts';

/** Who looked lately: reading for a while is one event, not one for each page. */
const lately = new WeakMap<App, Map<string, number>>();
const onceInMs = 10 * 60_000;

const noData = digestPayload('', '');

/** A page of what happened, newest first; looking is itself an event. Refuses `input-invalid`. */
export async function presentAudit(
  app: App,
  reader: { readonly person: string; readonly address: string; readonly device: string },
  asked: Readonly<Record<string, string>>,
): Promise<AuditPage | Refusal> {
  const given = Object.fromEntries(Object.entries(asked).filter(([, text]) => text !== ''));
  const parsed = auditQuery.safeParse(given);
  if (!parsed.success) {
    return refuse('input-invalid', { field: parsed.error.issues[0]?.path.join('.') ?? '' });
  }
  const { stream, cursor, from, until, actor, subject, kind } = parsed.data;
  const streams =
    stream === undefined ? [organisationStream, peopleStream] : [stream as StreamName];
  const tops = cursor === undefined ? null : cursor.split('.').map(Number);
  if (tops && tops.length !== streams.length) return refuse('input-invalid', { field: 'cursor' });
  await noteReading(app, reader);
  const found = await listAudit(app.store, { streams, tops, from, until, actor, subject, kind });
  return {
    events: await presentLines(app, found.rows),
    cursor: found.tops?.join('.') ?? null,
    lookedBackTo: found.lookedBackTo,
  };
}

async function presentLines(app: App, rows: readonly EventTable[]): Promise<AuditLine[]> {
  const people = await app.directory.get(
    rows.flatMap(({ actor, subject }) => [actor, subject ?? '']),
  );
  const opened = await openPayloads(app.store, rows);
  const person = (id: string) => ({ id, name: people.get(id as PersonId)?.name || null });
  return rows.map((row, index) => {
    const sealed = opened[index];
    const { address, device, ...rest } = sealed ?? {};
    // the address of a person's home comes without a device
    const from =
      typeof address === 'string' && typeof device === 'string' ? { address, device } : null;
    const data = from ? rest : (sealed ?? {});
    return {
      id: row.id,
      stream: row.stream,
      seq: row.seq,
      type: row.type,
      at: row.received_at,
      actor: person(row.actor),
      subject: row.subject === null ? null : person(row.subject),
      address: from?.address ?? null,
      device: from?.device ?? null,
      facts: readFacts(row.facts),
      data: Object.keys(data).length > 0 ? data : null,
      closed: sealed === undefined || (row.payload === null && row.digest !== noData),
    };
  });
}

function readFacts(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // the row was changed by another hand: what is there is shown
    return { facts: text };
  }
}

async function noteReading(
  app: App,
  { person, address, device }: { person: string; address: string; device: string },
): Promise<void> {
  const { store } = app;
  const readers = lately.get(app) ?? new Map<string, number>();
  lately.set(app, readers);
  const now = store.clock.now();
  if (now - (readers.get(person) ?? 0) < onceInMs) return;
  readers.set(person, now);
  const stream = organisationStream;
  await commit(store, async ({ now: at, lock, append }) => {
    await lock([stream]);
    const data = { address, device };
    const type = 'audit.read';
    await append([{ stream, type, occurredAt: at, actor: person, subject: null, data }]);
  });
}
