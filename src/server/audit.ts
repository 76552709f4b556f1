import type { z } from 'zod';
import { type AuditPage, type AuditWhat, auditQuery } from '../core/audit.wire.ts';
import type { StreamName } from '../core/brand.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { listAudit } from '../store/audit.ts';
import { type AuditPlace, listAuditAll } from '../store/audit-all.ts';
import type { EventTable } from '../store/schema.ts';
import { organisationStream, peopleStream, readsStream } from '../store/store.ts';
import { followStretches } from '../store/stretch.ts';
import type { App } from './app.ts';
import { presentLines } from './audit-line.ts';

/** What the job has not followed yet is followed while somebody waits, for so long. */
const patienceMs = 3_000;

/** A part of what was asked for; the cursor is null at the end. */
export interface AuditRows {
  readonly rows: readonly EventTable[];
  readonly cursor: string | null;
  readonly lookedBackTo: number | null;
}

/** A page of what happened, newest first. Refuses `input-invalid`, `busy`. */
export async function presentAudit(
  app: App,
  asked: Readonly<Record<string, string>>,
): Promise<AuditPage | Refusal> {
  const query = readAuditQuery(asked, auditQuery);
  if ('ok' in query) return query;
  const found = await findAudit(app, query, query.cursor ?? null);
  if ('ok' in found) return found;
  const { rows, cursor, lookedBackTo } = found;
  return { events: await presentLines(app, rows), cursor, lookedBackTo };
}

/** The filters as they were asked for. Refuses `input-invalid`. */
export function readAuditQuery<Query>(
  asked: Readonly<Record<string, string>>,
  shape: z.ZodType<Query>,
): Query | Refusal {
  const given = Object.fromEntries(Object.entries(asked).filter(([, text]) => text !== ''));
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  return refuse('input-invalid', { field: parsed.error.issues[0]?.path.join('.') ?? '' });
}

/** What matches, from where a cursor says. Refuses `input-invalid` for a cursor of another question, and `busy`. */
export async function findAudit(
  app: Pick<App, 'store'>,
  what: AuditWhat,
  cursor: string | null,
  limit?: number,
): Promise<AuditRows | Refusal> {
  const { stream, from, until, actor, subject, kind } = what;
  const filters = { from, until, actor, subject, kind, limit };
  if (stream === 'all') return findAll(app, filters, cursor);
  const streams =
    stream === undefined ? [organisationStream, peopleStream, readsStream] : [stream as StreamName];
  const tops = cursor === null ? null : cursor.split('.').map(Number);
  if (tops && (tops.length !== streams.length || tops.some(Number.isNaN))) return wrongCursor();
  const found = await listAudit(app.store, { streams, tops, ...filters });
  return { ...found, cursor: found.tops?.join('.') ?? null };
}

async function findAll(
  { store }: Pick<App, 'store'>,
  filters: Omit<Parameters<typeof listAuditAll>[1], 'before'>,
  cursor: string | null,
): Promise<AuditRows | Refusal> {
  const before = cursor === null ? null : readPlace(cursor);
  if (cursor !== null && !before) return wrongCursor();
  if (!before) {
    const until = performance.now() + patienceMs;
    // after the upgrade of a long ledger it takes a while
    const isThere = await followStretches(store, () => performance.now() < until);
    if (!isThere) return refuse('busy', { retryAfter: 5 });
  }
  const found = await listAuditAll(store, { ...filters, before });
  return { ...found, cursor: found.before && writePlace(found.before) };
}

const wrongCursor = () => refuse('input-invalid', { field: 'cursor' });

const writePlace = ({ at, stream, seq }: AuditPlace): string => `${at}.${seq}.${stream}`;

function readPlace(cursor: string): AuditPlace | null {
  const [at, seq, stream] = cursor.split('.');
  if (!stream) return null;
  return { at: Number(at), seq: Number(seq), stream };
}
