import type { Kysely } from 'kysely';
import type { Invitation, Role } from '../core/account.wire.ts';
import type { GroupId, Instant, PersonId } from '../core/brand.ts';
import { makeId } from '../core/id.ts';
import { listAdministrators } from './administrator.ts';
import { replaceHosts } from './group.ts';
import { replaceSupervisors } from './group-supervisor.ts';
import type { EventDraft, Writing } from './ledger.ts';
import type { InvitationTable, Schema } from './schema.ts';
import { groupStream, organisationStream, type Store } from './store.ts';

const invitationLifeMs = 7 * 24 * 3_600_000;

/** An invitation as it stands. */
export interface InvitationRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly groups: readonly GroupId[];
  readonly createdBy: string;
  readonly expiresAt: Instant;
  readonly state: Invitation['state'];
}

type Sealed = Pick<InvitationRow, 'name' | 'email'>;

function read(
  store: Store,
  row: InvitationTable,
  now: Instant,
  inviters: ReadonlySet<string>,
): InvitationRow {
  const { name, email } = store.vault.openOwn<Sealed>(`invitation/${row.invitation}`, row.sealed);
  return {
    id: row.invitation,
    name,
    email,
    role: row.role as Role,
    groups: JSON.parse(row.groups) as GroupId[],
    createdBy: row.created_by,
    expiresAt: row.expires_at as Instant,
    state: stateOf(row, now, inviters),
  };
}

function stateOf(
  row: InvitationTable,
  now: Instant,
  inviters: ReadonlySet<string>,
): Invitation['state'] {
  if (row.used_at !== null) return 'used';
  if (row.revoked_at !== null || !inviters.has(row.created_by)) return 'revoked';
  return row.expires_at <= now ? 'expired' : 'open';
}

/** Adds an invitation; of its token only the hash is kept, and the invited is named in the sealed row only. */
export async function insertInvitation(
  store: Store,
  { tx, now, append }: Writing,
  actor: string,
  made: Pick<InvitationRow, 'name' | 'email' | 'role' | 'groups'> & { tokenHash: string },
): Promise<void> {
  const { name, email, role, groups, tokenHash } = made;
  const invitation = makeId<string>(now, store.random);
  await store.engine.insertMany(tx, 'invitation', [
    {
      organisation: store.organisation,
      invitation,
      token_hash: tokenHash,
      role,
      groups: JSON.stringify(groups),
      sealed: store.vault.sealOwn(`invitation/${invitation}`, { name, email } satisfies Sealed),
      created_by: actor,
      created_at: now,
      expires_at: now + invitationLifeMs,
      used_at: null,
      revoked_at: null,
    },
  ]);
  await append([invitationEvent(now, 'invitation.made', actor, { invitation, role, groups })]);
}

/** The invitation that a token opens, whatever its state. */
export async function findInvitation(
  store: Store,
  db: Kysely<Schema>,
  tokenHash: string,
  now: Instant,
): Promise<InvitationRow | null> {
  const row = await db
    .selectFrom('invitation')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return row ? read(store, row, now, await loadInviters(store, db)) : null;
}

/** Whoever no longer administers has no open invitations either: they could come back by one. */
const loadInviters = async (store: Store, db: Kysely<Schema>): Promise<ReadonlySet<string>> =>
  new Set(['operator', ...(await listAdministrators(store, db))]);

/** Newest first. */
export async function listInvitations(store: Store, now: Instant): Promise<InvitationRow[]> {
  const rows = await store.engine.read
    .selectFrom('invitation')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .orderBy('created_at', 'desc')
    .orderBy('invitation', 'desc')
    .limit(500)
    .execute();
  const inviters = await loadInviters(store, store.engine.read);
  return rows.map((row) => read(store, row, now, inviters));
}

/**
 * Closes an open invitation: true for the one who did, of however many try at once. The caller appends the event.
 */
export async function closeInvitation(
  store: Store,
  { tx, now }: Writing,
  invitation: string,
  as: 'used' | 'revoked',
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invitation')
    .set(as === 'used' ? { used_at: now } : { revoked_at: now })
    .where('organisation', '=', store.organisation)
    .where('invitation', '=', invitation)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Makes a person a host or supervisor of groups that exist. */
export async function joinGroups(
  store: Store,
  writing: Writing,
  actor: string,
  person: PersonId,
  role: Role,
  groups: readonly GroupId[],
): Promise<void> {
  await writing.lock(groups.map(groupStream));
  for (const group of groups) {
    if (role === 'supervisor') {
      await replaceSupervisors(store, writing, actor, group, (before) => [...before, person]);
      continue;
    }
    const rows = await writing.tx
      .selectFrom('group_host')
      .select('person')
      .where('organisation', '=', store.organisation)
      .where('group', '=', group)
      .execute();
    const hosts = rows.map((row) => row.person as PersonId);
    await replaceHosts(store, writing, actor, group, [...hosts, person]);
  }
}

/** Those of these groups that exist. */
export async function listExisting(
  store: Store,
  db: Kysely<Schema>,
  groups: readonly GroupId[],
): Promise<GroupId[]> {
  if (groups.length === 0) return [];
  const rows = await db
    .selectFrom('group')
    .select('group')
    .where('organisation', '=', store.organisation)
    .where('group', 'in', [...groups])
    .execute();
  return rows.map((row) => row.group as GroupId);
}

/** An event of an invitation. It names nobody: who is invited stands sealed in the row only. */
export const invitationEvent = (
  now: Instant,
  type: 'invitation.made' | 'invitation.used' | 'invitation.revoked',
  actor: string,
  facts: Record<string, unknown>,
): EventDraft => ({
  stream: organisationStream,
  type,
  occurredAt: now,
  actor,
  subject: null,
  facts,
});
