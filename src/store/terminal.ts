import type { Kysely } from 'kysely';
import type { Writing } from './ledger.ts';
import type { Schema, TerminalTable } from './schema.ts';
import type { Store } from './store.ts';

/** A shared terminal, paired or about to be. */
export interface TerminalRow {
  readonly terminal: string;
  readonly name: string;
  /** Until when its code can be used; null once it is paired. */
  readonly invitedUntil: number | null;
  readonly pairedAt: number | null;
  readonly seenAt: number | null;
  readonly revokedAt: number | null;
}

type Sealed = Pick<TerminalRow, 'name' | 'invitedUntil'>;

export async function insertTerminal(
  { engine, organisation, vault }: Store,
  { tx }: Writing,
  { terminal, tokenHash, ...sealed }: Sealed & { terminal: string; tokenHash: string },
): Promise<void> {
  const row = {
    organisation,
    terminal,
    token_hash: tokenHash,
    sealed: vault.sealOwn(`terminal/${terminal}`, sealed),
    paired_at: 0,
    seen_at: null,
    revoked_at: null,
  };
  await engine.insertMany(tx, 'terminal', [row]);
}

/** The terminal whose code or token has this hash and was not revoked. */
export async function findTerminal(
  store: Store,
  tokenHash: string,
  db: Kysely<Schema> = store.engine.read,
): Promise<TerminalRow | null> {
  const row = await db
    .selectFrom('terminal')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row ? read(store, row) : null;
}

/** Puts the token in the place of the code. */
export async function pairTerminal(
  { organisation, vault }: Store,
  { tx, now }: Writing,
  { terminal, name }: TerminalRow,
  tokenHash: string,
): Promise<void> {
  const sealed: Sealed = { name, invitedUntil: null };
  await tx
    .updateTable('terminal')
    .set({
      token_hash: tokenHash,
      paired_at: now,
      seen_at: now,
      sealed: vault.sealOwn(`terminal/${terminal}`, sealed),
    })
    .where('organisation', '=', organisation)
    .where('terminal', '=', terminal)
    .execute();
}

/** Ends a terminal: whether there was one that still stood. */
export async function revokeTerminal(
  { organisation }: Store,
  { tx, now }: Writing,
  terminal: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('terminal')
    .set({ revoked_at: now })
    .where('organisation', '=', organisation)
    .where('terminal', '=', terminal)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows) === 1;
}

export async function touchTerminal(
  { organisation }: Store,
  { tx, now }: Pick<Writing, 'tx' | 'now'>,
  terminal: string,
): Promise<void> {
  await tx
    .updateTable('terminal')
    .set({ seen_at: now })
    .where('organisation', '=', organisation)
    .where('terminal', '=', terminal)
    .execute();
}

/** All of them, the newest first. */
export async function listTerminals(store: Store): Promise<TerminalRow[]> {
  const rows = await store.engine.read
    .selectFrom('terminal')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .orderBy('terminal', 'desc')
    .execute();
  return rows.map((row) => read(store, row));
}

function read({ vault }: Store, row: TerminalTable): TerminalRow {
  return {
    terminal: row.terminal,
    ...vault.openOwn<Sealed>(`terminal/${row.terminal}`, row.sealed),
    pairedAt: row.paired_at === 0 ? null : row.paired_at,
    seenAt: row.seen_at,
    revokedAt: row.revoked_at,
  };
}
