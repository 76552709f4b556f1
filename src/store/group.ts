import type { GroupId, Instant, PersonId } from '../core/brand.ts';
import type { GroupSettings } from '../core/group.wire.ts';
import { makeId } from '../core/id.ts';
import { canonicalJson } from '../core/ledger.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { padded } from './engine.ts';
import { commit, type Writing } from './ledger.ts';
import type { GroupTable } from './schema.ts';
import { groupStream, type Store } from './store.ts';

/** A group as it stands. */
export interface GroupRow {
  readonly id: GroupId;
  readonly name: string;
  readonly settings: GroupSettings;
  readonly archived: boolean;
  readonly createdAt: Instant;
}

function readGroup(store: Store, row: GroupTable): GroupRow {
  return {
    id: row.group as GroupId,
    name: store.vault.openOwn<{ name: string }>(`group/${row.group}`, row.sealed).name,
    settings: JSON.parse(row.settings) as GroupSettings,
    archived: row.archived === 1,
    createdAt: row.created_at as Instant,
  };
}

const sealName = (store: Store, group: GroupId, name: string) =>
  store.vault.sealOwn(`group/${group}`, { name });

/** Makes a group with its first host. */
export function insertGroup(
  store: Store,
  actor: PersonId,
  { name, settings }: { readonly name: string; readonly settings: GroupSettings },
): Promise<GroupId> {
  return commit(store, async (writing) => {
    const { tx, now, append } = writing;
    const group = makeId<GroupId>(now, store.random);
    await store.engine.insertMany(tx, 'group', [
      {
        organisation: store.organisation,
        group,
        sealed: sealName(store, group, name),
        settings: JSON.stringify(settings),
        archived: 0,
        created_at: now,
      },
    ]);
    await append([
      {
        stream: groupStream(group),
        type: 'group.created',
        occurredAt: now,
        actor,
        subject: null,
        facts: { settings },
        data: { name },
      },
    ]);
    await replaceHosts(store, writing, actor, group, [actor]);
    return group;
  });
}

interface GroupChange {
  readonly name?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly settings?: GroupSettings | undefined;
}

/** Changes what is given and leaves the rest; a change that changes nothing leaves no event. */
export function updateGroup(
  store: Store,
  actor: string,
  group: GroupId,
  change: GroupChange,
): Promise<{ ok: true } | Refusal> {
  return commit(store, async ({ tx, now, lock, append }) => {
    await lock([groupStream(group)]);
    const row = await tx
      .selectFrom('group')
      .selectAll()
      .where('organisation', '=', store.organisation)
      .where('group', '=', group)
      .executeTakeFirst();
    if (!row) return refuse('not-found');
    const before = readGroup(store, row);
    const after = {
      name: change.name ?? before.name,
      archived: change.archived ?? before.archived,
      settings: change.settings ?? before.settings,
    };
    const { name, archived, settings } = before;
    if (canonicalJson(after) === canonicalJson({ name, archived, settings })) return { ok: true };
    await tx
      .updateTable('group')
      .set({
        sealed: sealName(store, group, after.name),
        settings: JSON.stringify(after.settings),
        archived: after.archived ? 1 : 0,
      })
      .where('organisation', '=', store.organisation)
      .where('group', '=', group)
      .execute();
    await append([
      {
        stream: groupStream(group),
        type: 'group.changed',
        occurredAt: now,
        actor,
        subject: null,
        facts: {
          before: { settings, archived },
          after: { settings: after.settings, archived: after.archived },
        },
        data: { before: { name }, after: { name: after.name } },
      },
    ]);
    return { ok: true };
  });
}

/** Sets the whole list of hosts. */
export const setHosts = (store: Store, actor: string, group: GroupId, hosts: readonly PersonId[]) =>
  commit(store, (writing) => replaceHosts(store, writing, actor, group, hosts));

/** As `setHosts`, within a transaction that does more. */
export async function replaceHosts(
  { organisation, engine }: Store,
  { tx, now, lock, append }: Writing,
  actor: string,
  group: GroupId,
  hosts: readonly PersonId[],
): Promise<void> {
  const unique = [...new Set(hosts)].sort();
  await lock([groupStream(group)]);
  const rows = await tx
    .selectFrom('group_host')
    .select('person')
    .where('organisation', '=', organisation)
    .where('group', '=', group)
    .orderBy('person')
    .execute();
  const before = rows.map(({ person }) => person);
  await tx
    .deleteFrom('group_host')
    .where('organisation', '=', organisation)
    .where('group', '=', group)
    .execute();
  await engine.insertMany(
    tx,
    'group_host',
    unique.map((person) => ({ organisation, group, person })),
  );
  await append([
    {
      stream: groupStream(group),
      type: 'hosts.changed',
      occurredAt: now,
      actor,
      subject: null,
      facts: { before, after: unique },
    },
  ]);
}

export async function loadGroup(store: Store, group: GroupId): Promise<GroupRow | null> {
  const row = await store.engine.read
    .selectFrom('group')
    .selectAll()
    .where('organisation', '=', store.organisation)
    .where('group', '=', group)
    .executeTakeFirst();
  return row ? readGroup(store, row) : null;
}

/** All groups, or those among `only`; oldest first. */
export async function listGroups(
  store: Store,
  only: ReadonlySet<string> | null,
): Promise<GroupRow[]> {
  if (only?.size === 0) return [];
  let query = store.engine.read
    .selectFrom('group')
    .selectAll()
    .where('organisation', '=', store.organisation);
  if (only) query = query.where('group', 'in', padded([...only]));
  const rows = await query.orderBy('group').execute();
  return rows.map((row) => readGroup(store, row));
}

/** Who hosts which group, of those who may host; without `group`, of all of them. */
export async function listHosts(store: Store, group?: GroupId): Promise<Map<GroupId, PersonId[]>> {
  let query = store.engine.read
    .selectFrom('group_host as h')
    .innerJoin('role as r', (join) =>
      join.onRef('r.organisation', '=', 'h.organisation').onRef('r.person', '=', 'h.person'),
    )
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 'h.organisation').onRef('p.person', '=', 'h.person'),
    )
    .select(['h.group', 'h.person'])
    .distinct()
    .where('h.organisation', '=', store.organisation)
    .where('r.role', 'in', ['host', 'admin'])
    .where('p.state', '=', 'active');
  if (group !== undefined) query = query.where('h.group', '=', group);
  const hosts = new Map<GroupId, PersonId[]>();
  for (const row of await query.orderBy('h.person').execute()) {
    const list = hosts.get(row.group as GroupId) ?? [];
    list.push(row.person as PersonId);
    hosts.set(row.group as GroupId, list);
  }
  return hosts;
}
