import type { GroupId, PersonId } from '../core/brand.ts';
import type { Writing } from './ledger.ts';
import { groupStream, type Store } from './store.ts';

/** Who supervises a group, of those who may. */
export async function listSupervisors(
  { engine, organisation }: Store,
  group: GroupId,
): Promise<PersonId[]> {
  const rows = await engine.read
    .selectFrom('group_supervisor as s')
    .innerJoin('role as r', (join) =>
      join.onRef('r.organisation', '=', 's.organisation').onRef('r.person', '=', 's.person'),
    )
    .innerJoin('person as p', (join) =>
      join.onRef('p.organisation', '=', 's.organisation').onRef('p.person', '=', 's.person'),
    )
    .select('s.person')
    .where('s.organisation', '=', organisation)
    .where('s.group', '=', group)
    .where('r.role', '=', 'supervisor')
    .where('p.state', '=', 'active')
    .orderBy('s.person')
    .execute();
  return rows.map(({ person }) => person as PersonId);
}

/** Sets who supervises a group; the same again changes nothing. */
export async function replaceSupervisors(
  { organisation, engine }: Store,
  { tx, now, lock, append }: Writing,
  actor: string,
  group: GroupId,
  change: (before: readonly string[]) => readonly string[],
): Promise<void> {
  await lock([groupStream(group)]);
  const rows = await tx
    .selectFrom('group_supervisor')
    .select('person')
    .where('organisation', '=', organisation)
    .where('group', '=', group)
    .execute();
  const before = rows.map(({ person }) => person).sort();
  const after = [...new Set(change(before))].sort();
  if (before.join() === after.join()) return;
  await tx
    .deleteFrom('group_supervisor')
    .where('organisation', '=', organisation)
    .where('group', '=', group)
    .execute();
  await engine.insertMany(
    tx,
    'group_supervisor',
    after.map((person) => ({ organisation, group, person })),
  );
  await append([
    {
      stream: groupStream(group),
      type: 'supervisors.changed',
      occurredAt: now,
      actor,
      subject: null,
      facts: { before, after },
    },
  ]);
}
