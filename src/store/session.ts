import type { Kysely } from 'kysely';
import type { GroupId, Instant, LocalDate, SessionId } from '../core/brand.ts';
import type { SessionFacts, SessionSettings, SessionState } from '../core/session.ts';
import type { Schema, SessionTable } from './schema.ts';
import type { Store } from './store.ts';

/** A session as it stands: the rules' facts, and what only people read. */
export interface SessionRow extends SessionFacts {
  readonly code: string | null;
  readonly title: string;
  readonly cancelReason: string | null;
  readonly origin: string | null;
  readonly createdBy: string;
}

interface Sealed {
  title: string;
  cancelReason: string | null;
}

export function readSession(store: Store, row: SessionTable): SessionRow {
  const { title, cancelReason } = store.vault.openOwn<Sealed>(`session/${row.session}`, row.sealed);
  return {
    ...(JSON.parse(row.settings) as SessionSettings),
    id: row.session as SessionId,
    group: row.group as GroupId | null,
    state: row.state as SessionState,
    startsAt: row.starts_at as Instant,
    endsAt: row.ends_at as Instant | null,
    closedAt: row.closed_at as Instant | null,
    date: row.date as LocalDate,
    codeEpoch: row.code_epoch,
    paused: row.paused === 1,
    code: row.code,
    title,
    cancelReason,
    origin: row.origin,
    createdBy: row.created_by,
  };
}

export function sealSession(
  store: Store,
  session: SessionId,
  title: string,
  cancelReason: string | null,
): Uint8Array {
  return store.vault.sealOwn(`session/${session}`, { title, cancelReason } satisfies Sealed);
}

/** A session's row for writing. */
export function sessionRow(store: Store, session: SessionRow, createdAt: Instant): SessionTable {
  const { lateAfterMinutes, closeGraceMinutes, stepMs, codeGraceMs, typedCode, rosterRule } =
    session;
  return {
    organisation: store.organisation,
    session: session.id,
    code: session.code,
    group: session.group,
    sealed: sealSession(store, session.id, session.title, session.cancelReason),
    state: session.state,
    starts_at: session.startsAt,
    ends_at: session.endsAt,
    closed_at: session.closedAt,
    date: session.date,
    settings: JSON.stringify({
      lateAfterMinutes,
      closeGraceMinutes,
      stepMs,
      codeGraceMs,
      typedCode,
      rosterRule,
    }),
    code_epoch: session.codeEpoch,
    paused: session.paused ? 1 : 0,
    origin: session.origin,
    created_by: session.createdBy,
    created_at: createdAt,
  };
}

export async function loadSession(
  store: Store,
  db: Kysely<Schema>,
  session: SessionId,
): Promise<SessionRow | null> {
  const row = await db
    .selectFrom('session')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('session', '=', session)
    .executeTakeFirst();
  return row ? readSession(store, row) : null;
}

/** The session that a rotating code names. */
export async function loadSessionByCode(store: Store, code: string): Promise<SessionRow | null> {
  const row = await store.engine.read
    .selectFrom('session')
    .selectAll()
    .where('code', '=', code)
    .where('organisation', '=', store.organisation)
    .executeTakeFirst();
  return row ? readSession(store, row) : null;
}

export async function listSessions(
  store: Store,
  filter: { state?: SessionState; group?: GroupId; date?: LocalDate; limit?: number } = {},
): Promise<SessionRow[]> {
  let query = store.engine.read
    .selectFrom('session')
    .selectAll()
    .where('organisation', '=', store.organisation);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.group) query = query.where('group', '=', filter.group);
  if (filter.date) query = query.where('date', '=', filter.date);
  const rows = await query
    .orderBy('starts_at', 'desc')
    .limit(filter.limit ?? 200)
    .execute();
  return rows.map((row) => readSession(store, row));
}

/** Sessions that were closed within this time, both ends included. */
export async function listClosed(store: Store, from: number, until: number): Promise<SessionRow[]> {
  const rows = await store.engine.read
    .selectFrom('session')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('state', '=', 'closed')
    .where('closed_at', '>=', from)
    .where('closed_at', '<=', until)
    .execute();
  return rows.map((row) => readSession(store, row));
}

export async function updateSession(
  store: Store,
  tx: Kysely<Schema>,
  session: SessionId,
  change: Partial<Omit<SessionTable, 'organisation' | 'session'>>,
): Promise<void> {
  await tx
    .updateTable('session')
    .set(change)
    .where('organisation', '=', store.organisation)
    .where('session', '=', session)
    .execute();
}
